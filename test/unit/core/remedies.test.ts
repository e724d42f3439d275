/**
 * Each remedy is followed: a tool writes a file that isn't read, the line that the message gives is run as
 * it stands, and what it makes has the vectors, labels and ids of that file. Needs a Python with the tool.
 */

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { InputError } from '../../../lib/core/errors.ts'
import { unreadIssue } from '../../../lib/core/format-of.ts'
import { classifyUpload } from '../../../lib/dataset/upload-parts.ts'
import { lacksModules, PYTHON } from '../../python-tools.ts'
import { readTable } from '../../read-table.ts'
import { columns, rowsOf } from '../formats/read-fixture.ts'

const ROWS = [
  [0.5, -1.25, 2],
  [1, 0.125, -3],
  [4, 8, 0.0625],
]
const LABELS = ['cat', 'NA', 'Ångström']
const IDS = ['001', '002', '010']
const DATA = `
import numpy as np
vectors = np.array(${JSON.stringify(ROWS)}, "f4")
labels = ${JSON.stringify(LABELS)}
ids = ${JSON.stringify(IDS)}
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remedy-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const python = (code: string) =>
  execFileSync(PYTHON, ['-W', 'ignore', '-c', code], { cwd: folder, stdio: 'pipe' })

/** Runs what the hint says of the file, and gives the name of the file that it made. */
function follow(name: string, part: 'vectors' | 'labels'): string {
  const before = readdirSync(folder)
  const { hint } = unreadIssue(name, part, readFileSync(join(folder, name)).subarray(0, 512))
  expect(hint.length).toBeLessThan(600)
  python(/In Python: (.+)$/.exec(hint)![1]!)
  const [made, ...more] = readdirSync(folder).filter((one) => !before.includes(one))
  expect(more).toEqual([])
  return made!
}

async function expectRows(made: string): Promise<void> {
  const bytes = readFileSync(join(folder, made))
  const table = await readTable({ name: made, bytes }, { part: 'vectors', columns })
  expect(rowsOf(table)).toEqual(ROWS)
  const texts = (wanted: RegExp) => {
    const column = table.columns.find(({ name }) => wanted.test(name))
    return column && Array.from(column.values, String)
  }
  expect(texts(/^labels?$/)).toEqual(LABELS)
  expect(texts(/^ids?$/)).toEqual(IDS)
}

const FRAME = 'pd.DataFrame({"id": ids, "label": labels, "embedding": list(vectors)})'
const ARRAYS = '{"embeddings": vectors, "labels": labels, "ids": ids}'

describe('of embeddings with their labels and ids', () => {
  it.for<[what: string, name: string, modules: string, code: string]>([
    ['a frame in a pickle', 'all.pkl', 'numpy, pandas', `pd.to_pickle(${FRAME}, "all.pkl")`],
    ['a dictionary in a pickle', 'all.pkl', 'numpy, pandas', `pd.to_pickle(${ARRAYS}, "all.pkl")`],
    [
      'vectors, labels and ids in a tuple in a pickle',
      'all.pkl',
      'numpy, pandas',
      'pd.to_pickle((vectors, np.array(labels), ids), "all.pkl")',
    ],
    [
      'the same in a list, vectors as a list of lists',
      'all.pkl',
      'numpy, pandas',
      'pd.to_pickle([vectors, labels, ids], "all.pkl")',
    ],
    [
      'a list of records in a pickle',
      'all.pkl',
      'numpy, pandas',
      'pd.to_pickle([{"id": i, "label": l, "embedding": v} for i, l, v in zip(ids, labels, vectors)], "all.pkl")',
    ],
    [
      'a dictionary in a pickle with what is no array beside it',
      'all.pkl',
      'numpy, pandas',
      `pd.to_pickle({**${ARRAYS}, "model": "resnet", "epoch": 5}, "all.pkl")`,
    ],
    ['joblib', 'all.joblib', 'numpy, joblib', `joblib.dump(${ARRAYS}, "all.joblib")`],
    [
      'joblib, packed',
      'all.joblib',
      'numpy, joblib',
      `joblib.dump(${FRAME.replace('pd.DataFrame', 'dict')}, "all.joblib")`,
    ],
    [
      'HDF5',
      'all.h5',
      'numpy, h5py',
      'f = h5py.File("all.h5", "w"); f["embeddings"] = vectors; f["labels"] = labels; f["ids"] = ids; f.create_group("meta")["model"] = "m"; f.close()',
    ],
    ['MATLAB', 'all.mat', 'numpy, scipy.io', `scipy.io.savemat("all.mat", ${ARRAYS})`],
    [
      'MATLAB with cells',
      'all.mat',
      'numpy, scipy.io',
      `scipy.io.savemat("all.mat", {"embeddings": vectors, "labels": np.array(labels, object), "ids": np.array(ids, object)})`,
    ],
    [
      'a spreadsheet',
      'all.xlsx',
      'numpy, pandas, openpyxl',
      'frame = pd.DataFrame(vectors, columns=["dim_0", "dim_1", "dim_2"]); frame["id"] = ids; frame["label"] = labels; frame.to_excel("all.xlsx", index=False)',
    ],
    [
      'text',
      'all.txt',
      'numpy, pandas',
      'frame = pd.DataFrame(vectors, columns=["dim_0", "dim_1", "dim_2"]); frame["id"] = ids; frame["label"] = labels; frame.to_csv("all.txt", index=False, sep=" ")',
    ],
  ])('%s', async ([_, name, modules, code], { skip }) => {
    skip(lacksModules(modules), 'Python lacks what it takes')
    const imports = modules.split(', ').map((one) => (one === 'pandas' ? 'pandas as pd' : one))
    python(`import ${imports.join(', ')}\n${DATA}\n${code}`)
    await expectRows(follow(name, 'vectors'))
  })

  it.for<[what: string, command: string, extension: string]>([
    ['bzip2', 'bzip2', '.bz2'],
    ['xz', 'xz', '.xz'],
  ])('%s', async ([_, command, extension], { skip }) => {
    const text = [
      'id,label,dim_0,dim_1,dim_2',
      ...IDS.map((id, at) => [id, LABELS[at], ...ROWS[at]!].join(',')),
    ]
    writeFileSync(join(folder, 'all.csv'), `${text.join('\n')}\n`)
    const packing = spawnSync(command, ['all.csv'], { cwd: folder })
    skip(packing.status !== 0, `no ${command}`)
    const packed = `all.csv${extension}`
    const { hint } = unreadIssue(
      packed,
      'vectors',
      readFileSync(join(folder, packed)).subarray(0, 512),
    )
    execFileSync('sh', ['-c', hint.split(': ').at(-1)!], { cwd: folder })
    await expectRows('all.csv')
  })
})

describe('of arrays of Python’s objects', () => {
  it.for<[what: string, name: string, code: string]>([
    ['a dictionary saved with np.save', 'all.npy', `np.save("all.npy", ${ARRAYS})`],
    [
      'vectors and texts as pandas has them',
      'all.npz',
      'np.savez("all.npz", embeddings=np.array([*vectors, None], object)[:-1], labels=np.array(labels, object), ids=ids)',
    ],
    [
      'arrays with names that are words of Python',
      'all.npz',
      'np.savez("all.npz", **{"X": vectors.astype(object), "labels": np.array(labels, object), "ids": ids, "class": [1, 2, 3]})',
    ],
    [
      'an array of the labels’ objects in a table',
      'all.npy',
      'np.save("all.npy", np.array(list(zip(ids, labels, list(vectors))), [("ids", "O"), ("labels", "O"), ("embeddings", "O")]))',
    ],
    ['a dictionary in an npz', 'all.npz', `np.savez("all.npz", data=${ARRAYS})`],
  ])('%s', async ([_, name, code], { skip }) => {
    skip(lacksModules('numpy, pandas'), 'Python lacks what it takes')
    python(`${DATA}\n${code}`)
    const bytes = readFileSync(join(folder, name))
    const error = await readTable({ name, bytes }, { part: 'vectors', columns }).catch((one) => one)
    const { hint } = (error as InputError).issues[0]!
    python(/(?:In Python|: import)(.+)$/.exec(hint)![0].replace(/^In Python: |^: /, ''))
    await expectRows('embeddings.npz')
  })

  it('one array of vectors alone', async ({ skip }) => {
    skip(lacksModules('numpy'), 'Python lacks what it takes')
    python(`${DATA}\nnp.save("all.npy", np.array([*vectors, None], object)[:-1])`)
    const read = () =>
      readTable(
        { name: 'all.npy', bytes: readFileSync(join(folder, 'all.npy')) },
        { part: 'vectors', columns },
      )
    const { issues } = (await read().catch((one) => one)) as InputError
    python(/: (import .+)$/.exec(issues[0]!.hint)![1]!)
    expect(rowsOf(await read())).toEqual(ROWS)
  })

  it('an npz with an array for each row', async ({ skip }) => {
    skip(lacksModules('numpy'), 'Python lacks what it takes')
    python(`${DATA}\nnp.savez("all.npz", **dict(zip(ids, vectors)))`)
    const bytes = readFileSync(join(folder, 'all.npz'))
    const reading = readTable({ name: 'all.npz', bytes }, { part: 'vectors', columns })
    const { issues } = (await reading.catch((one) => one)) as InputError
    python(/: (import .+)$/.exec(issues[0]!.hint)![1]!)
    const made = readFileSync(join(folder, 'embeddings.npz'))
    const table = await readTable(
      { name: 'embeddings.npz', bytes: made },
      { part: 'vectors', columns },
    )
    expect(rowsOf(table)).toEqual(ROWS)
    expect(table.columns[0]).toMatchObject({ name: 'ids', values: IDS })
  })
})

describe('of an array alone', () => {
  it.for<[what: string, name: string, code: string]>([
    ['a pickle', 'all.pkl', 'pd.to_pickle(vectors, "all.pkl")'],
    ['a list in a pickle', 'all.pkl', 'pd.to_pickle(vectors.tolist(), "all.pkl")'],
  ])('%s', async ([_, name, code], { skip }) => {
    skip(lacksModules('numpy, pandas'), 'Python lacks what it takes')
    python(`import pandas as pd\n${DATA}\n${code}`)
    const made = follow(name, 'vectors')
    const bytes = readFileSync(join(folder, made))
    expect(rowsOf(await readTable({ name: made, bytes }, { part: 'vectors', columns }))).toEqual(
      ROWS,
    )
  })
})

describe('of labels', () => {
  it.for<[what: string, name: string, code: string]>([
    ['a pickle', 'labels.pkl', 'pd.to_pickle(labels, "labels.pkl")'],
    [
      'a series in a pickle',
      'labels.pkl',
      'pd.to_pickle(pd.Series(labels, name="y"), "labels.pkl")',
    ],
    [
      'text',
      'labels.txt',
      'open("labels.txt", "w", encoding="utf-8").write("\\n".join(labels) + "\\n")',
    ],
  ])('%s', async ([_, name, code], { skip }) => {
    skip(lacksModules('numpy, pandas'), 'Python lacks what it takes')
    python(`import pandas as pd\n${DATA}\n${code}`)
    const made = follow(name, 'labels')
    const bytes = readFileSync(join(folder, made))
    const table = await readTable({ name: made, bytes }, { part: 'labels', columns })
    expect(table.columns.find((column) => column.name === 'labels')?.values).toEqual(LABELS)
  })
})

describe('of several files that are one', () => {
  const FRAME_PARTS = 'frames = [FRAME[:2], FRAME[2:]]'.replaceAll('FRAME', FRAME)
  it.for<[what: string, modules: string, code: string]>([
    [
      'parts of Parquet, as the Hub has them',
      'numpy, pandas, pyarrow',
      `${FRAME_PARTS}\nfor i, f in enumerate(frames): f.to_parquet(f"train-0000{i}-of-00002.parquet")`,
    ],
    [
      'parts of Feather',
      'numpy, pandas, pyarrow',
      `${FRAME_PARTS}\nfor i, f in enumerate(frames): f.reset_index(drop=True).to_feather(f"part_{i + 9}.feather")`,
    ],
    [
      'parts of CSV',
      'numpy, pandas',
      'frame = pd.DataFrame(vectors, columns=["dim_0", "dim_1", "dim_2"]); frame["id"] = ids; frame["label"] = labels\nfor i in range(3): frame[i : i + 1].to_csv(f"part-{i + 8}.csv", index=False)',
    ],
    [
      'parts of TSV',
      'numpy, pandas',
      'frame = pd.DataFrame(vectors, columns=["dim_0", "dim_1", "dim_2"]); frame["id"] = ids; frame["label"] = labels\nfor i in range(3): frame[i : i + 1].to_csv(f"part-{i + 8}.tsv", index=False, sep="\\t")',
    ],
    [
      'parts of JSON Lines',
      'numpy, pandas',
      `${FRAME_PARTS}\nfor i, f in enumerate(frames): f.to_json(f"part-{i}.jsonl", orient="records", lines=True)`,
    ],
    [
      'a dataset saved to disk',
      'numpy, pandas, datasets',
      `import datasets\ndatasets.Dataset.from_pandas(${FRAME}).save_to_disk(".", num_shards=2)`,
    ],
    [
      'arrays that are called by what they are, of two sides',
      'numpy',
      'np.save("train_X.npy", vectors[:2]); np.save("test_X.npy", vectors[2:]); np.save("train_y.npy", labels[:2]); np.save("test_y.npy", labels[2:])',
    ],
  ])('%s', async ([what, modules, code], { skip }) => {
    skip(lacksModules(modules), 'Python lacks what it takes')
    python(`${modules.includes('pandas') ? 'import pandas as pd' : ''}\n${DATA}\n${code}`)
    const names = readdirSync(folder)
    const classified = classifyUpload(names)
    const [issue] = 'issues' in classified ? classified.issues : []
    expect(issue!.hint.length).toBeLessThan(600)
    python(/In Python: (.+)$/.exec(issue!.hint)![1]!)
    const [made, ...more] = readdirSync(folder).filter((one) => !names.includes(one))
    expect(more).toEqual([])
    expect(classifyUpload([...names, made!])).toMatchObject({ parts: { vectors: made } })
    if (!what.includes('two sides')) return expectRows(made!)
    const bytes = readFileSync(join(folder, made!))
    const table = await readTable({ name: made!, bytes }, { part: 'vectors', columns })
    expect([...rowsOf(table.gallery!), ...rowsOf(table)]).toEqual(ROWS)
  })
})

describe('of one file a row', () => {
  it.for<[what: string, names: readonly string[], labels: readonly string[] | null]>([
    ['beside each other', ['001.npy', '002.npy', '010.npy'], null],
    ['in a folder for each class', ['a/001.npy', 'a/002.npy', 'b/001.npy'], ['a', 'a', 'b']],
  ])('%s', async ([_, names, labels], { skip }) => {
    skip(lacksModules('numpy'), 'Python lacks what it takes')
    for (const [at, name] of names.entries()) {
      mkdirSync(join(folder, dirname(name)), { recursive: true })
      // One with an axis more, as a batch of one has.
      const shape = at === 1 ? '.reshape(1, -1)' : ''
      python(`${DATA}\nnp.save("${name}", vectors[${at}]${shape})`)
    }
    const classified = classifyUpload(names)
    const [issue] = 'issues' in classified ? classified.issues : []
    python(/In Python: (.+)$/.exec(issue!.hint)![1]!)
    expect(classifyUpload([...names, 'embeddings.npz'])).toMatchObject({
      parts: { vectors: 'embeddings.npz' },
    })
    const bytes = readFileSync(join(folder, 'embeddings.npz'))
    const table = await readTable({ name: 'embeddings.npz', bytes }, { part: 'vectors', columns })
    expect(rowsOf(table)).toEqual(ROWS)
    const column = (name: string) => table.columns.find((one) => one.name === name)?.values ?? null
    expect(column('ids')).toEqual(names.map((name) => name.slice(0, -4)))
    expect(column('labels')).toEqual(labels)
  })
})
