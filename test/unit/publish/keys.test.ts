import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NAME_PATTERN } from '../../../lib/core/names.ts'
import {
  assetKey,
  claimKey,
  headersOf,
  itemPageKey,
  latestPageKey,
  PROJECTS_KEY,
  parseUploadKey,
  projectIndexKey,
  projectPageKey,
  runKey,
  SITE_PAGE_KEY,
  uploadKey,
} from '../../../lib/publish/keys.ts'

const name = fc.stringMatching(NAME_PATTERN)

describe('keys of uploads', () => {
  test('come apart into what they were made from', () => {
    const file = fc.stringMatching(/^[A-Za-z0-9 +%'"()é日_-]{1,20}(\/[a-z]{1,8})?$/)
    fc.assert(
      fc.property(name, name, file, (project, run, file) => {
        expect(parseUploadKey(uploadKey(project, run, file))).toEqual({ project, run, file })
      }),
    )
  })

  test('that are not of the pattern are told with the part that is wrong', () => {
    const problems: readonly (readonly [string, string])[] = [
      ['digits/run-1/embeddings.npz', 'doesn\'t start with "uploads/"'],
      ['uploads/digits/embeddings.npz', 'no run or no file'],
      ['uploads/digits', 'no run or no file'],
      ['uploads/digits/run-1/', 'ends with "/"'],
      ['uploads/my digits/run-1/a.npz', '"my digits" is not a project\'s name'],
      ['uploads/digits/-1/a.npz', '"-1" is not a run\'s name'],
      ['uploads/digits/../a.npz', '".."'],
      ['uploads/index.html/run/a.npz', "file of the site's own"],
      [`uploads/${'a'.repeat(129)}/run/a.npz`, "is not a project's name"],
    ]
    for (const [key, part] of problems) {
      expect(parseUploadKey(key), key).toEqual({ problem: expect.stringContaining(part) })
    }
  })

  test('never lead out of their upload, whatever the key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('uploads', '/', '.', '..', 'a', '\\', '\0') }),
        (key) => {
          const parsed = parseUploadKey(key)
          if ('problem' in parsed) return
          expect(parsed.file.split('/')).not.toContain('..')
          expect(uploadKey(parsed.project, parsed.run, parsed.file)).toBe(key)
        },
      ),
    )
  })
})

describe('keys of the site', () => {
  test('are those that the contract names', () => {
    expect(SITE_PAGE_KEY).toBe('index.html')
    expect(projectPageKey('digits')).toBe('digits/index.html')
    expect(projectIndexKey('digits')).toBe('digits/index.json')
    expect(runKey('digits', 'run-1', 'report.json')).toBe('digits/runs/run-1/report.json')
    expect(latestPageKey('digits')).toBe('digits/latest/index.html')
    expect(itemPageKey('digits', 'confusion:3|9')).toMatch(
      /^digits\/items\/confusion-3-9-[0-9a-f]{8}\/index\.html$/,
    )
    expect(assetKey('digits', 'ab12', 'webp')).toBe('digits/assets/ab12.webp')
  })

  test('are refused for names that no key may hold', () => {
    for (const bad of ['', '..', 'a/b', 'a b', PROJECTS_KEY, SITE_PAGE_KEY]) {
      expect(() => projectPageKey(bad), bad).toThrow(/name|own/)
    }
    expect(() => runKey('digits', '../other', 'report.json')).toThrow(/run's name/)
  })
})

describe('headers', () => {
  test('let a browser keep what never changes, and nothing else', () => {
    const kept = [
      'digits/runs/1/report.json',
      'digits/runs/1/rows.parquet',
      'digits/assets/ab12.webp',
    ]
    const asked = [
      'index.html',
      'projects.json',
      'digits/index.html',
      'digits/index.json',
      'digits/latest/index.html',
      'digits/items/a/index.html',
      'digits/badge.svg',
      'digits/feed.xml',
      'digits/tickets.json',
      'digits/sprint/sprint.js',
      'digits/runs/1/preview.png',
      'digits/runs/1/index.html',
      'digits/runs/1/run.json',
      'digits/runs/1/error.json',
      claimKey('digits', '1'),
      'runs/index.json',
      'assets/index.json',
    ]
    for (const key of kept) {
      expect(headersOf(key).cacheControl, key).toBe('max-age=31536000, immutable')
    }
    for (const key of asked) expect(headersOf(key).cacheControl, key).toBe('no-cache')
  })

  test('name the content type by the extension', () => {
    expect(headersOf('a/index.html').contentType).toBe('text/html; charset=utf-8')
    expect(headersOf('a/b.SVG').contentType).toBe('image/svg+xml')
    expect(headersOf('a/rows.parquet').contentType).toBe('application/vnd.apache.parquet')
    expect(headersOf('a.png/noextension').contentType).toBe('application/octet-stream')
  })
})
