/** Folders of TensorFlow's Embedding Projector, as a whole upload. */

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { fetchUpload } from '../../../lib/upload/fetch.ts'
import { readUpload } from '../../../lib/upload/rows.ts'

const FOLDER = new URL('../../oracles/tool-files/', import.meta.url)
const oracle = JSON.parse(
  readFileSync(new URL('../../oracles/tool-files.json', import.meta.url), 'utf8'),
)

async function read(files: Readonly<Record<string, string | Uint8Array>>) {
  const uploads = memoryStore('uploads')
  for (const [name, body] of Object.entries(files)) await uploads.put(`uploads/p/r/${name}`, body)
  const upload = await fetchUpload({ uploads, vault: memoryStore('vault') }, 'p', 'r')
  return readUpload(upload!, {})
}

const filesOf = (path: string) =>
  Object.fromEntries(
    readdirSync(new URL(`${path}/`, FOLDER)).map((name) => [
      name,
      new Uint8Array(readFileSync(new URL(`${path}/${name}`, FOLDER))),
    ]),
  )

describe('the Embedding Projector', () => {
  it.each(['tensorflow/projector', 'tensorflow/bytes', 'tensorflow/words'])('%s', async (path) => {
    const { sets } = oracle
    const { vectors, columns } = oracle[path]
    const { dataset } = (await read(filesOf(path)))!
    const { rows, dimensions } = dataset
    const values = Array.from({ length: rows }, (_, row) =>
      Array.from(dataset.vectors.subarray(row * dimensions, (row + 1) * dimensions)),
    )
    expect(values).toEqual(sets[vectors].map((row: number[]) => row.map(Math.fround)))
    expect(Array.from(dataset.labels, (label) => dataset.classes[label])).toEqual(
      sets[columns.label],
    )
    if (columns.id !== undefined) expect(dataset.ids).toEqual(sets[columns.id])
    expect(dataset.warnings.map(({ code }) => code)).not.toContain('files-unused')
  })

  const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer)
  const metadata = 'id\tlabel\na\tx\nb\ty\nc\tx\n'
  const config = (...sets: readonly object[]) => JSON.stringify({ embeddings: sets })

  it.each([
    ['no settings', {}, 'projector-shape', 'nothing says how many dimensions'],
    [
      'another shape',
      { 'projector_config.json': config({ tensorShape: [3, 3], tensorPath: 'tensors.bytes' }) },
      'projector-shape',
      'needs 36 bytes, and the file has 24',
    ],
    [
      'other sets',
      { 'projector_config.json': config({ tensorPath: 'a.tsv' }, { tensorPath: 'b.tsv' }) },
      'projector-config',
      'a.tsv, b.tsv',
    ],
    ['no JSON', { 'projector_config.json': '{' }, 'projector-config', 'no list of embeddings'],
  ])('%s beside bare numbers', async (_, more, code, message) => {
    const reading = read({ 'tensors.bytes': bytes, 'metadata.tsv': metadata, ...more })
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it('chooses of several sets the one whose file it is, and takes its sprite', async () => {
    const sprite = { imagePath: 'images/none.png', singleImageDim: [28, 28] }
    const upload = await read({
      'tensors.bytes': bytes,
      'metadata.tsv': metadata,
      'projector_config.json': config(
        { tensorPath: 'other.tsv', tensorShape: [9, 9] },
        { tensorPath: 'logs/tensors.bytes', tensorShape: [3, 2], sprite },
      ),
    }).catch((error: unknown) => error)
    // The picture that the settings name isn't in the upload.
    expect(upload).toMatchObject({ issues: [{ message: expect.stringContaining('none.png') }] })
  })
})
