/** `nearmiss doctor INPUT`: how its files are read, and what an evaluation would take; nothing is evaluated. */

import { InputError, type Issue } from '../../lib/core/errors.ts'
import { logJson, logLines, visible } from '../../lib/core/escape.ts'
import { formatRecord } from '../../lib/core/format-of.ts'
import type { SeenField, SeenFile } from '../../lib/core/seen.ts'
import { countOf, partOf } from '../../lib/core/words.ts'
import { MAX_INFLATED_BYTES } from '../../lib/formats/format.ts'
import { openFile } from '../../lib/formats/registry.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { sizeOf } from '../../lib/run/read.ts'
import type { Upload } from '../../lib/upload/content.ts'
import { fetchUpload } from '../../lib/upload/fetch.ts'
import { checkMemory, memoryEstimate, usableMemory } from '../../lib/upload/memory-limit.ts'
import { type ReadUpload, readUpload } from '../../lib/upload/rows.ts'
import { manifestOf } from '../../lib/upload/settings.ts'
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { findUpload, stageUpload } from './input.ts'
import { errorInOwnNames, inOwnNames } from './own-names.ts'
import { shownAddress } from './places/place.ts'
import { openPlaces } from './places/places.ts'
import { stagedUploads } from './staged-uploads.ts'

/** Seconds of an evaluation on two cores, measured: at the least, for each row of a map, for each product. */
const SECONDS = { least: 3, mapRow: 6e-4, product: 2.7e-11 }

const USES: Readonly<Record<SeenField['use'], string>> = {
  vectors: 'the vectors',
  gallery: 'the gallery',
  label: 'the label',
  id: 'the id',
  column: 'a column',
  'left out': 'left out',
}

export async function doctorInput(args: Arguments, context: CommandContext): Promise<number> {
  const { signal, terminal } = context
  const input = args.operands[0]!
  terminal.begin(shownAddress(input))
  const places = openPlaces({ signal, received: terminal.received })
  const { gallery, labels, metadata, manifest } = args.values
  const staged = await findUpload(places, input, { gallery, labels, metadata, manifest })
  const uploads = stagedUploads(() => new Date())
  stageUpload(staged, uploads)
  const stores = { uploads: uploads.store, vault: memoryStore('vault') }
  const upload = (await fetchUpload(stores, staged.project, staged.run))!
  try {
    const read = await readUpload(upload, {})
    if (read === null) throw new InputError(NO_LABELS)
    const size = sizeOf(read)
    checkMemory(size, usableMemory(), upload.parts?.vectors ?? '')
    terminal.clear()
    await print(args, context, {
      read,
      seen: named(read.dataset.seen ?? []),
      memory: memoryEstimate(size),
    })
    return 0
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    // What can be seen helps to follow the message.
    terminal.clear()
    const own = errorInOwnNames(error, staged)
    await print(
      args,
      context,
      { read: null, seen: named(await unchosen(upload)), memory: null },
      own,
    )
    throw own
  }

  function named(files: readonly SeenFile[]): readonly SeenFile[] {
    return files.map((file) => ({ ...file, source: inOwnNames(file.source, staged) }))
  }
}

const NO_LABELS: Issue = {
  code: 'incomplete-upload',
  message: 'No labels were found, neither in the file nor beside it.',
  where: 'input',
  hint: 'Labels go into the file (a column or array named labels), beside it as labels.csv, or with --labels FILE.',
}

interface Diagnosis {
  readonly read: ReadUpload | null
  readonly seen: readonly SeenFile[]
  /** Bytes; null where nothing can be evaluated. */
  readonly memory: number | null
}

/** What the files hold, where nothing could be chosen of them. */
async function unchosen(upload: Upload): Promise<readonly SeenFile[]> {
  const { parts } = upload
  if (parts === null) return []
  const seen: SeenFile[] = []
  for (const part of ['vectors', 'gallery', 'labels', 'metadata'] as const) {
    const file = upload.sources.get(parts[part] ?? '')
    if (file === undefined) continue
    try {
      const { columns } = manifestOf(upload)
      const { format, contents } = await openFile(file, {
        part: part === 'gallery' ? 'vectors' : part,
        columns,
        maxInflatedByteLength: Math.min(MAX_INFLATED_BYTES, Math.floor(usableMemory() / 2)),
      })
      seen.push({
        source: file.name,
        format: formatRecord(format).title,
        rows: contents.fields[0]?.shape[0] ?? 0,
        fields: contents.fields.map(({ name, type, shape, examples, problem }) => ({
          name,
          type,
          shape,
          examples,
          use: 'left out',
          why: problem?.message ?? null,
        })),
      })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
  }
  return seen
}

async function print(
  args: Arguments,
  { print: write }: CommandContext,
  { read, seen, memory }: Diagnosis,
  error?: InputError,
): Promise<void> {
  if (args.switches.has('json')) {
    const answer = {
      readable: error === undefined,
      issues: error?.issues ?? [],
      files: seen,
      ...(read === null ? {} : summaryOf(read)),
      memoryBytes: memory,
    }
    await write(`${logJson(JSON.stringify(answer, null, 2))}\n`)
    return
  }
  const parts = [
    ...seen.map((file) => fileText(file, read !== null)),
    ...(read === null ? [] : [readText(read, memory!)]),
  ]
  if (parts.length > 0) await write(`${logLines(parts.join('\n\n'))}\n`)
}

function summaryOf({ dataset }: ReadUpload) {
  const { rows, inputRows, dimensions, classes, setAside, warnings } = dataset
  return {
    rows: inputRows,
    evaluatedRows: rows,
    dimensions,
    classes: classes.length,
    setAside,
    warnings,
  }
}

const MOST_FIELDS = 60
const NAME_WIDTH = 28
const TYPE_WIDTH = 20
const USE_WIDTH = 11

function fileText({ source, format, rows, fields }: SeenFile, isChosen: boolean): string {
  const shown = fields.slice(0, MOST_FIELDS)
  const names = Math.min(NAME_WIDTH, Math.max(...shown.map(({ name }) => name.length), 0))
  const types = Math.min(TYPE_WIDTH, Math.max(...shown.map((field) => typeOf(field).length), 0))
  const lines = shown.map((field) => {
    const use = isChosen ? cut(USES[field.use], USE_WIDTH) : ''
    const says = visible(field.why ?? field.examples.join(', '))
    return `  ${cut(field.name, names)}  ${cut(typeOf(field), types)}  ${use} ${says}`.trimEnd()
  })
  const more =
    fields.length > MOST_FIELDS ? [`  and ${fields.length - MOST_FIELDS} more fields`] : []
  return [`${visible(source)}: ${format}, ${countOf(rows, 'row')}`, ...lines, ...more].join('\n')
}

function typeOf({ type, shape }: SeenField): string {
  return shape.length < 2
    ? type
    : `${type} × ${shape
        .slice(1)
        .map((size) => size ?? '?')
        .join(' × ')}`
}

function cut(text: string, width: number): string {
  const clean = visible(text)
  return (clean.length > width ? `${clean.slice(0, width - 1)}…` : clean).padEnd(width)
}

function readText(read: ReadUpload, memory: number): string {
  const { rows, inputRows, dimensions, classes, setAside, warnings } = read.dataset
  const { mapRows } = sizeOf(read)
  const seconds =
    SECONDS.least + SECONDS.mapRow * mapRows + SECONDS.product * rows * rows * dimensions
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  return [
    `Rows      ${partOf(rows, inputRows, 'rows')} can be evaluated: ${countOf(dimensions, 'dimension')}, ${countOf(classes.length, 'class', 'classes')}`,
    ...setAside.map(({ reason, count }) => `Aside     ${count}: ${reason}`),
    ...warnings.map(({ message }) => `Doubtful  ${visible(message)}`),
    `Memory    about ${gigabytes(memory)} of the ${gigabytes(usableMemory())} that may be used here`,
    `Time      roughly ${Math.ceil(seconds)} s on two cores`,
  ].join('\n')
}
