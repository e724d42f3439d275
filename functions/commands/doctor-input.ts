/** `nearmiss doctor INPUT`: how its files are read, and what an evaluation would take; nothing is evaluated. */

import { logJson, logLines, visible } from '../../lib/core/escape.ts'
import { severityOf } from '../../lib/core/issue-codes.ts'
import { publishedWarning } from '../../lib/core/published-warning.ts'
import type { SeenField, SeenFile } from '../../lib/core/seen.ts'
import { countOf, partOf } from '../../lib/core/words.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { fetchUpload } from '../../lib/upload/fetch.ts'
import { usableMemory } from '../../lib/upload/memory-limit.ts'
import type { ReadUpload } from '../../lib/upload/rows.ts'
import { foldedWarnings } from '../../reports/words/caveats.ts'
import { doubtsOf, readingOf, type UploadReading } from '../reading.ts'
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { findUpload, stageUpload } from './input.ts'
import { errorInOwnNames, inOwnNames } from './own-names.ts'
import { shownAddress } from './places/place.ts'
import { openPlaces } from './places/places.ts'
import { stagedUploads } from './staged-uploads.ts'

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
  const reading = await readingOf(upload)
  const error = reading.error && errorInOwnNames(reading.error, staged)
  terminal.clear()
  await print(args, context, { ...reading, seen: named(reading.seen), error }, (text) =>
    inOwnNames(text, staged),
  )
  if (error !== null) throw error
  return 0

  function named(files: readonly SeenFile[]): readonly SeenFile[] {
    return files.map((file) => ({ ...file, source: inOwnNames(file.source, staged) }))
  }
}

async function print(
  args: Arguments,
  { print: write }: CommandContext,
  reading: UploadReading,
  own: (text: string) => string,
): Promise<void> {
  const { read, seen, memory, seconds, error } = reading
  if (args.switches.has('json')) {
    const answer = {
      readable: error === null,
      issues: error?.issues ?? [],
      files: seen,
      ...(read === null ? {} : summaryOf(read, own)),
      doubts: doubtsOf(reading).map(own),
      memoryBytes: memory,
      seconds,
    }
    await write(`${logJson(JSON.stringify(answer, null, 2))}\n`)
    return
  }
  const parts = [
    ...seen.map((file) => fileText(file, read !== null)),
    ...(read === null ? [] : [readText(read, memory!, seconds!, own)]),
  ]
  if (parts.length > 0) await write(`${logLines(parts.join('\n\n'))}\n`)
}

function summaryOf({ dataset }: ReadUpload, own: (text: string) => string) {
  const { rows, inputRows, dimensions, classes, setAside, warnings } = dataset
  return {
    rows: inputRows,
    evaluatedRows: rows,
    dimensions,
    classes: classes.length,
    setAside,
    warnings: warnings.map(publishedWarning).map((warning) => ({
      ...warning,
      message: own(warning.message),
      ...(warning.where !== undefined && { where: own(warning.where) }),
    })),
  }
}

/** Titles of formats whose parts are arrays. */
const ARRAYS = /numpy|npz|npy|safetensors/i
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
    const start = `  ${cut(field.name, names)}  ${cut(typeOf(field), types)}  ${use} `
    return `${start}${cut(says, Math.max(12, COLUMNS - start.length))}`.trimEnd()
  })
  const more =
    fields.length > MOST_FIELDS ? [`  and ${fields.length - MOST_FIELDS} more fields`] : []
  // Where nothing could be chosen, some formats don't tell before they are read.
  const many = rows === 0 && !isChosen ? '' : `, ${countOf(rows, 'row')}`
  const noun = ARRAYS.test(format) ? 'array' : 'column'
  const wide = isChosen ? '' : `, ${countOf(fields.length, noun)}`
  return [`${visible(source)}: ${format}${many}${wide}`, ...lines, ...more].join('\n')
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

function readText(
  read: ReadUpload,
  memory: number,
  seconds: number,
  own: (text: string) => string,
): string {
  const { rows, inputRows, dimensions, classes, setAside, warnings } = read.dataset
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`
  return [
    `Rows      ${partOf(rows, inputRows, 'rows')} can be evaluated: ${countOf(dimensions, 'dimension')}, ${countOf(classes.length, 'class', 'classes')}`,
    ...setAside.map(({ reason, count }) => `Aside     ${count}: ${reason}`),
    ...foldedWarnings(warnings.map(publishedWarning)).map(
      ({ code, text }) =>
        `${severityOf(code) === 'note' ? 'Note      ' : 'Doubtful  '}${visible(own(text))}`,
    ),
    `Memory    about ${gigabytes(memory)} of the ${gigabytes(usableMemory())} that may be used here`,
    `Time      roughly ${seconds} s on two cores`,
  ]
    .map(wrapped)
    .join('\n')
}

const COLUMNS = 80
const INDENT = ' '.repeat(10)

/** Lines that fit a terminal, all but the first indented as their texts are. */
function wrapped(text: string): string {
  const lines = ['']
  for (const word of text.split(/(?<= )(?=\S)/)) {
    const line = lines.at(-1)!
    const isFull = line.trim() !== '' && line.length + word.trimEnd().length > COLUMNS
    if (isFull) lines.push(INDENT + word)
    else lines[lines.length - 1] = line + word
  }
  return lines.map((line) => line.trimEnd()).join('\n')
}
