/** What the upload panel makes of the names of dropped files. */

import { describe, expect, it } from 'vitest'
import { isName } from '../../../../lib/core/names.ts'
import { suggestedNames, uploadNames } from '../../../../reports/client/upload-names.ts'

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
