import { describe, expect, it } from 'vitest'
import { withDefaults } from '../../../lib/config/completion.ts'
import { mergeSettings } from '../../../lib/config/merge.ts'
import { isMoreOpen, stricterPrivacy } from '../../../lib/config/privacy.ts'
import type { ManifestInput } from '../../../lib/config/schema.ts'

const privacyOf = (privacy: ManifestInput['privacy']) => withDefaults({ privacy }).privacy

describe('a run’s settings over its project’s', () => {
  it('replace them key by key, and parts by their own keys', () => {
    const project: ManifestInput = {
      k: 15,
      gates: { hit_at_10: 0.5 },
      owners: { confusion: 'CV', duplicates: 'Ops' },
      known: [{ id: 'x', state: 'muted', reason: 'r' }],
    }
    const run: ManifestInput = { gates: {}, owners: { confusion: 'ML' }, known: [] }
    expect(mergeSettings(project, run)).toEqual({
      k: 15,
      gates: {},
      owners: { confusion: 'ML', duplicates: 'Ops' },
      known: [],
    })
    expect(mergeSettings({}, run)).toEqual(run)
    expect(mergeSettings(project, {})).toEqual(project)
  })

  it.each([
    [{ ids: 'hashed' }, { ids: 'plain' }, { ids: 'hashed' }],
    [{ ids: 'plain' }, { ids: 'hashed' }, { ids: 'hashed' }],
    [{ images: 'links' }, { images: 'thumbnails' }, { images: 'links' }],
    [{ images: 'links' }, { images: 'none' }, { images: 'none' }],
    [{ centroids: 'none' }, { centroids: 'kept' }, { centroids: 'none' }],
    [{ columns: { a: 'drop' } }, { columns: { a: 'keep' } }, { columns: { a: 'drop' } }],
    [
      { columns: { a: 'hash' } },
      { columns: { a: 'keep', b: 'keep' } },
      { columns: { a: 'hash', b: 'keep' } },
    ],
    [
      { columns: { '*': 'drop' } },
      { columns: { b: 'keep' } },
      { columns: { '*': 'drop', b: 'drop' } },
    ],
  ] as const)('keep the stricter privacy: %j and %j', (project, run, both) => {
    expect(stricterPrivacy(project, run)).toEqual(both)
    expect(stricterPrivacy(run, project)).toEqual(both)
    expect(mergeSettings({ privacy: project }, { privacy: run })).toEqual({ privacy: both })
  })
})

describe('what was published', () => {
  it.each([
    [{}, {}, false],
    [{}, { ids: 'hashed' }, true],
    [{ ids: 'hashed' }, {}, false],
    [{}, { images: 'none' }, true],
    [{}, { images: 'links' }, true],
    [{ images: 'none' }, { images: 'links' }, false],
    [{}, { centroids: 'none' }, true],
    [{ centroids: 'published' }, { centroids: 'kept' }, false],
    [{}, { columns: { phone: 'drop' } }, true],
    [{ columns: { phone: 'drop' } }, { columns: { phone: 'hash' } }, false],
    [{ columns: { phone: 'keep' } }, {}, true],
    [{}, { columns: { phone: 'keep' } }, false],
    [{}, { columns: { '*': 'drop', phone: 'keep' } }, true],
    [{ columns: { '*': 'drop' } }, { columns: { phone: 'hash' } }, false],
  ] as const)('under %j is more open than %j: %s', (published, wanted, expected) => {
    expect(isMoreOpen(privacyOf(published), privacyOf(wanted))).toBe(expected)
  })
})
