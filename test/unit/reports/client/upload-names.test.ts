/** What the upload panel makes of the names of dropped files. */

import { describe, expect, it } from 'vitest'
import { extensionOf, READ_EXTENSIONS } from '../../../../lib/core/format-of.ts'
import { FORMATS } from '../../../../lib/core/formats.ts'
import { isName } from '../../../../lib/core/names.ts'
import {
  classifyUpload,
  MANIFESTS,
  type UploadParts,
} from '../../../../lib/dataset/upload-parts.ts'
import { PICKED, suggestedNames, uploadNames } from '../../../../reports/client/upload-names.ts'

const now = new Date('2026-11-20T09:30:00Z')

describe('names of an upload', () => {
  it('make the vectors’ file embeddings, and leave the others', () => {
    expect(uploadNames(['nca-32.NPZ', 'metadata.csv', 'sprite.png'])).toEqual([
      'embeddings.npz',
      'metadata.csv',
      'sprite.png',
    ])
    expect(uploadNames(['labels.csv', 'vectors.csv'])).toEqual(['labels.csv', 'embeddings.csv'])
    expect(uploadNames(['embeddings.npy', 'other.npz'])).toEqual(['embeddings.npy', 'other.npz'])
    expect(uploadNames(['rows.csv', 'a.npz'])).toEqual(['rows.csv', 'embeddings.npz'])
    expect(uploadNames(['gallery.npz', 'queries.npz'])).toEqual(['gallery.npz', 'embeddings.npz'])
    expect(uploadNames(['nearmiss.json', 'a.CSV'])).toEqual(['nearmiss.json', 'embeddings.csv'])
    expect(uploadNames(['config.json', 'a.h5', 'labels.csv'])).toEqual([
      'config.json',
      'embeddings.h5',
      'labels.csv',
    ])
  })

  it('are known to who reads the upload, whatever format is dropped', () => {
    const extensions = Object.values(FORMATS).flatMap(({ extensions }) => extensions)
    for (const extension of [...extensions, '.foo', '']) {
      const classified = classifyUpload(uploadNames([`rows${extension}`]))
      const { vectors, doubtful } = (classified as { parts: UploadParts }).parts
      expect(
        [vectors, ...doubtful.map(({ name }) => name)].filter(Boolean),
        extension,
      ).toHaveLength(1)
    }
  })

  it('are offered by the picker where they can be read', () => {
    for (const extension of READ_EXTENSIONS) expect(PICKED.split(',')).toContain(extension)
    for (const name of MANIFESTS) expect(PICKED.split(',')).toContain(extensionOf(name))
  })

  it('propose the open project and a run named after the file', () => {
    expect(suggestedNames(['nca-32.npz'], '/digits/runs/pca-8/index.html', now)).toEqual({
      project: 'digits',
      run: 'nca-32',
    })
    expect(suggestedNames(['embeddings.npz'], '/index.html', now)).toEqual({
      project: 'embeddings',
      run: 'run-2026-11-20-09-30',
    })
  })

  it('are names that the server takes, whatever the file is called', () => {
    for (const file of ['  my run (2).npz', 'модель.npz', '.npz', 'a'.repeat(300)]) {
      expect(isName(suggestedNames([file], '/', now).run)).toBe(true)
    }
  })
})
