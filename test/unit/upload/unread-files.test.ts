/** Files that can't be used lead to a page that says so, and give way to those that can. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { handleUploadEvent } from '../../../functions/on-upload.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'
import { memoryContext } from '../functions/memory-context.ts'

const NPZ = readFileSync(new URL('../formats/fixtures/stored.npz', import.meta.url))
const ROWS = Array.from(
  { length: 12 },
  (_, row) => `r${row},${row % 2 ? 'a' : 'b'},${row % 2},${row}`,
)
const CSV = `id,label,dim_0,dim_1\n${ROWS.join('\n')}\n`
const BARE = `id,dim_0,dim_1\n${ROWS.map((row) => row.replace(/,[ab],/, ',')).join('\n')}\n`
const LABELS = `id,label\n${ROWS.map((row) => row.split(',').slice(0, 2).join(',')).join('\n')}\n`
const HDF5 = '\u0089HDF\r\n\u001a\n'

/** A bucket, and a clock that both its files and the evaluation go by. */
function world() {
  const time = { seconds: 0 }
  const clock = () => new Date(Date.UTC(2026, 0, 1) + 1000 * time.seconds)
  const context = { ...memoryContext().context, clock, uploads: memoryStore('uploads', clock) }
  return {
    context,
    time,
    put: (name: string, body: string | Uint8Array) =>
      context.uploads.put(`uploads/p/r/${name}`, body),
    evaluate: (restMs = 0) =>
      evaluateUpload(context, { project: 'p', run: 'r', backend: 'wasm', restMs }),
    text: async (key: string) =>
      new TextDecoder().decode((await context.site.get(key))?.body ?? new Uint8Array()),
  }
}

describe('an upload of one file that can’t be read', () => {
  it.each([
    ['embeddings.xlsx', 'x', 'a spreadsheet', 'pd.read_excel("embeddings.xlsx"'],
    ['rows.mat', 'x', 'MATLAB', 'scipy.io.loadmat("rows.mat"'],
    ['vectors.rds', 'x', 'R’s .rds', 'readRDS("vectors.rds")'],
    ['model.h5', '\u0089HDF', 'HDF5', 'h5py.File("model.h5")'],
    ['model.pt', 'x', 'PyTorch', 'torch.load("model.pt"'],
    ['all.pkl', 'x', 'runs the code in it', 'pd.read_pickle("all.pkl")'],
    ['embeddings.pkl.gz', '\u001f\u008b', 'packed with gzip', 'gunzip embeddings.pkl.gz'],
    ['embeddings', 'no numbers', 'no format that is read', 'np.savez'],
    ['embeddings.npz', HDF5, 'By its first bytes the file is HDF5', 'h5py.File'],
    ['weights.bin', 'no numbers', 'no format that is read', 'np.savez'],
    ['labels.h5', HDF5, 'HDF5', 'labels.npz'],
    ['labels.txt', 'cat', 'plain text', 'labels.npz'],
  ])('%s has a page that says what it is and what to do', async (name, body, what, remedy) => {
    const { put, evaluate, text } = world()
    await put(name, Buffer.from(body, 'latin1'))
    const outcome = await evaluate()
    expect(outcome).toMatchObject({ status: 'failed', run: 'r', issues: [{ where: name }] })
    const [issue] = outcome.status === 'failed' ? outcome.issues : []
    expect(issue!.message).toContain(what)
    expect(issue!.hint).toContain(remedy)
    const page = (await text('p/runs/r/index.html'))
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
    expect(page).toContain(issue!.message)
    expect(page).toContain(issue!.hint)
    expect(JSON.parse(await text('p/runs/r/run.json')).status).toBe('failed')
    expect(JSON.parse(await text('p/runs/r/error.json')).files).toEqual([
      { name, byteLength: Buffer.from(body, 'latin1').length },
    ])
  })

  it('gives way to the file that can, with a warning of the one that is left', async () => {
    const { put, evaluate, text } = world()
    await put('embeddings.h5', HDF5)
    await evaluate()
    await put('embeddings.csv', CSV)
    const outcome = await evaluate()
    expect(outcome).toMatchObject({ status: 'published', run: 'r', alreadyPublished: false })
    expect(await text('p/runs/r/index.html')).toContain(
      '1 file of the upload plays no part: embeddings.h5',
    )
    expect(await text('p/runs/r/error.json')).toBe('')
  })

  it('is told anew where the file changes, and not where it stays', async () => {
    const { put, evaluate, text } = world()
    await put('rows.mat', 'a')
    await evaluate()
    const first = JSON.parse(await text('p/runs/r/run.json'))
    await evaluate()
    expect(JSON.parse(await text('p/runs/r/run.json'))).toEqual(first)
    await put('rows.mat', 'b')
    await evaluate()
    expect(JSON.parse(await text('p/runs/r/run.json')).contentId).not.toBe(first.contentId)
  })
})

describe('an upload that still arrives', () => {
  it('isn’t failed before its files are at rest', async () => {
    const { put, evaluate, time } = world()
    await put('model.h5', 'x')
    time.seconds = 29
    expect(await evaluate(30_000)).toMatchObject({ status: 'waiting' })
    time.seconds = 30
    expect(await evaluate(30_000)).toMatchObject({ status: 'failed' })
  })

  it('isn’t failed while a file that was announced is missing', async () => {
    const { put, evaluate } = world()
    await put('_EXPECTED.json', JSON.stringify({ files: ['labels.mat', 'embeddings.csv'] }))
    await put('labels.mat', 'x')
    expect(await evaluate()).toMatchObject({ status: 'waiting' })
  })

  it.each([
    [['labels.csv', 'sprite.png']],
    [['README.md', 'config.json', 'run.log']],
    [['.DS_Store', 'Thumbs.db']],
    [['embeddings.npz.part']],
  ])('of %j waits for the vectors', async (names) => {
    const { put, evaluate, text } = world()
    for (const name of names) await put(name, 'x')
    expect(await evaluate()).toEqual({ status: 'waiting', missing: 'the file of embeddings' })
    expect(await text('p/index.html')).toBe('')
  })
})

describe('beside embeddings', () => {
  it.each([
    ['labels.xlsx', '.to_csv("labels.csv", index=False)'],
    ['gallery.xlsx', '.to_csv("gallery.csv", index=False)'],
    ['metadata.xlsx', '.to_csv("metadata.csv", index=False)'],
  ])('%s is never left out silently', async (name, remedy) => {
    const { put, evaluate } = world()
    await put('embeddings.csv', CSV)
    await put(name, 'x')
    const outcome = await evaluate()
    expect(outcome).toMatchObject({ status: 'failed', issues: [{ where: name }] })
    expect(outcome.status === 'failed' && outcome.issues[0]!.hint).toContain(remedy)
  })

  it('what has no part’s name is told in a warning, and what systems leave is not', async () => {
    const { put, evaluate } = world()
    await put('embeddings.csv', CSV)
    for (const name of ['extra.parquet', 'model.pt', '.DS_Store', 'Thumbs.db', 'metadata.json'])
      await put(name, 'x')
    const outcome = await evaluate()
    if (outcome.status !== 'published') throw new Error(JSON.stringify(outcome))
    const told = outcome.report.input.warnings.filter(({ code }) => code === 'files-unused')
    expect(told.map(({ message }) => message)).toEqual([
      '3 files of the upload play no part: extra.parquet, metadata.json and model.pt',
    ])
  })

  it('without labels, a file that may have been meant for them ends the wait', async () => {
    const { put, evaluate } = world()
    await put('embeddings.csv', BARE)
    expect(await evaluate()).toMatchObject({ status: 'waiting', missing: 'labels' })
    await put('y_true.xlsx', 'x')
    const outcome = await evaluate()
    expect(outcome).toMatchObject({
      status: 'failed',
      issues: [{ code: 'labels-missing' }, { code: 'file-unused', where: 'y_true.xlsx' }],
    })
    expect(outcome.status === 'failed' && outcome.issues[1]!.hint).toContain(
      '.to_csv("labels.csv", index=False)',
    )
    await put('labels.csv', LABELS)
    expect(await evaluate()).toMatchObject({ status: 'published', run: 'r' })
  })
})

it.each(['embeddings', 'embeddings.parquet', 'vectors.foo', 'model.pt'])(
  'a file of NumPy is read whatever it is called: %s',
  async (name) => {
    const { put, evaluate } = world()
    await put(name, NPZ)
    // It is read: what is wrong, if anything, is about its rows.
    const outcome = await evaluate()
    expect(JSON.stringify(outcome)).not.toContain('unknown-format')
    expect(outcome).not.toMatchObject({ missing: 'the file of embeddings' })
  },
)

it('a message of the bucket about such a file ends in its page', async () => {
  const { context, put, text } = world()
  await put('rows.h5', HDF5)
  const key = 'uploads/p/r/rows.h5'
  const records = [{ eventName: 'ObjectCreated:Put', s3: { object: { key } } }]
  const event = { Records: [{ messageId: 'm', body: JSON.stringify({ Records: records }) }] }
  const { batchItemFailures } = await handleUploadEvent(context, event, 'wasm', (asking, request) =>
    evaluateUpload(asking, request),
  )
  expect(batchItemFailures).toEqual([])
  expect(await text('p/runs/r/index.html')).toContain('HDF5')
})
