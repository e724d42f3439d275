import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  findUpload,
  type GivenFiles,
  nameFrom,
  stageUpload,
} from '../../../functions/commands/input.ts'
import { openPlaces } from '../../../functions/commands/places/places.ts'
import { stagedUploads } from '../../../functions/commands/staged-uploads.ts'
import { InputError } from '../../../lib/core/errors.ts'
import { isName } from '../../../lib/core/names.ts'

let folder: string

const find = (input: string, given: GivenFiles) => findUpload(openPlaces(), input, given)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nearmiss-input-'))
  await mkdir(join(folder, 'faces'))
})
afterEach(() => rm(folder, { recursive: true }))

async function files(entries: Record<string, string>) {
  for (const [name, text] of Object.entries(entries)) await writeFile(join(folder, name), text)
}

const names = (upload: { files: readonly { name: string }[] }) =>
  upload.files.map(({ name }) => name)

describe('finding an upload', () => {
  it('takes what lies beside a file by the rules of an upload, and nothing else', async () => {
    await files({
      'faces/new model.npz': '',
      'faces/other.npz': '',
      'faces/metadata.csv': '',
      'faces/labels.txt': '',
      'faces/nearmiss.yaml': 'images: {sprite: tiles.png, tile: [8, 8]}',
      'faces/tiles.png': '',
      'faces/unnamed.png': '',
    })
    const upload = await find(join(folder, 'faces/new model.npz'), {})
    expect(upload.project).toBe('faces')
    expect(upload.run).toBe('new-model')
    expect(names(upload)).toEqual(['embeddings.npz', 'metadata.csv', 'nearmiss.yaml', 'tiles.png'])
  })

  it('takes given files instead of those beside', async () => {
    await files({ 'faces/a.npy': '', 'faces/labels.csv': 'beside', 'mine.CSV': 'given' })
    const upload = await find(join(folder, 'faces/a.npy'), {
      labels: join(folder, 'mine.CSV'),
    })
    const { store, add } = stagedUploads(() => new Date())
    stageUpload(upload, { store, add })
    const stored = await store.get('uploads/faces/a/labels.csv')
    expect(new TextDecoder().decode(stored!.body)).toBe('given')
  })

  it('keeps what is packed apart from how it is packed', async () => {
    await files({
      'faces/a.csv.gz': '',
      'faces/labels.csv.zst': '',
      'faces/gallery.gz': '',
      'faces/metadata.csv.bak': '',
      'given.json.gz': '',
    })
    const upload = await find(join(folder, 'faces/a.csv.gz'), {
      metadata: join(folder, 'given.json.gz'),
    })
    expect(upload.run).toBe('a')
    expect(names(upload)).toEqual([
      'embeddings.csv.gz',
      'gallery.gz',
      'labels.csv.zst',
      'metadata.json.gz',
    ])
  })

  it('names a folder that is laid out like an upload after itself', async () => {
    await mkdir(join(folder, 'faces/run-2'))
    await files({ 'faces/run-2/embeddings.csv': '', 'faces/run-2/labels.csv': '' })
    const expected = { project: 'faces', run: 'run-2' }
    expect(await find(join(folder, 'faces/run-2'), {})).toMatchObject(expected)
    expect(await find(join(folder, 'faces/run-2/embeddings.csv'), {})).toMatchObject(expected)
  })

  it('never reads a picture from outside the folder', async () => {
    await files({
      'faces/a.npy': '',
      'secret.png': '',
      'faces/nearmiss.yaml': 'images: {sprite: ../secret.png, tile: [8, 8]}',
    })
    expect(names(await find(join(folder, 'faces/a.npy'), {}))).toEqual([
      'embeddings.npy',
      'nearmiss.yaml',
    ])
  })

  it('says what the folder holds where no embeddings are in it, and what is near a wrong path', async () => {
    await files({ 'faces/notes.txt': '' })
    await expect(find(join(folder, 'faces'), {})).rejects.toThrow(/only: notes.txt/)
    const missing = await find(join(folder, 'faces/note.txt'), {}).catch((error) => error)
    expect(missing).toBeInstanceOf(InputError)
    expect(missing.hint).toContain('notes.txt?')
  })
})

describe('a name from a text', () => {
  it.each([
    ['nca-32', 'nca-32'],
    ['my model (v2)', 'my-model-v2'],
    ['.hidden', 'hidden'],
    ['Modèle', 'Modele'],
    ['日本', 'run'],
    ['x'.repeat(200), 'x'.repeat(128)],
  ])('%s becomes %s', (text, name) => {
    expect(nameFrom(text, 'run')).toBe(name)
    expect(isName(name)).toBe(true)
  })
})
