/** Text with a mark between the columns, CSV and TSV: its fields by its first lines, its rows as they come. */

import { CsvError } from 'csv-parse/sync'
import { InputError } from '../../core/errors.ts'
import type { FileSource } from '../../core/file-source.ts'
import { LONGEST_COLUMN_NAME, shortName } from '../../core/limits.ts'
import { isNamed } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import { type Contents, type Field, type Opener, type OpenOptions, ROW_INDEX } from '../contents.ts'
import { damageText } from '../damage-text.ts'
import { readVectorText, type VectorText, vectorTextIssue } from '../vector-text.ts'
import { blankColumns } from './blank-lines.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import { dialectWarnings } from './dialect-warnings.ts'
import { toUtf8 } from './encoding.ts'
import { checkLines, tooLong } from './long-lines.ts'
import { NULL_MARK, Rows } from './rows.ts'
import { parseText } from './syntax.ts'
import { isNumberText } from './values.ts'

const SHOWN = 3

export const openCsv: Opener = (file, options) => openDelimited(file, options, ',')
export const openTsv: Opener = (file, options) => openDelimited(file, options, '\t')

/** @param usual the delimiter that the format says */
async function openDelimited(
  file: FileSource,
  options: OpenOptions,
  usual: ',' | '\t',
): Promise<Contents> {
  const source = file.name
  const { text, warnings: encoding } = toUtf8(await file.bytes(), source)
  checkNul(text, source)
  checkLines(text, source)
  const looks = dialectOf(text, usual)
  const dialect = options.hasHeader === false ? { ...looks, hasHeader: false } : looks
  const { sample } = dialect
  const isLone = isProjectorLabels(source, usual, options, sample)
  const hasHeader = dialect.hasHeader && !isLone
  // Where the first lines can't be taken apart, that is what is wrong, whatever they seem to hold.
  if (dialect.isBroken) parseLines(text, source, dialect, () => {})
  const [whole] = sample
  if (whole === undefined) {
    throw new InputError({
      code: 'csv-empty',
      message: 'The file holds 0 lines of text.',
      where: source,
      hint: 'The first line names the columns, for example id,label.',
    })
  }
  const blank = blankColumns(whole, sample.slice(1))
  const first = whole.slice(0, whole.length - blank)
  const hasRowNames = hasHeader && areNamed(whole.length, sample.slice(1))
  const { header, warnings } = hasHeader
    ? checkHeader(hasRowNames ? ['', ...first] : first, source)
    : {
        header: isLone ? [options.columns.label] : first.map((_, place) => `column_${place + 1}`),
        warnings: [],
      }
  const rows = hasHeader ? sample.slice(1) : sample
  const places = [...header.keys()].filter((place) => header[place] !== '')
  const fields = places.map((place) => {
    const entries = rows.map((row) => row[place] ?? '')
    return fieldOf(header[place]!, entries, dialect, source)
  })
  return {
    source,
    where: `${source}, line 1`,
    ...(hasHeader ? {} : { isHeaderless: true as const }),
    fields,
    warnings: [
      ...encoding,
      ...(isLone ? [projectorTold(source)] : dialectWarnings(dialect, usual, source, blank)),
      ...warnings,
    ],
    read: async (selection) => {
      const pass = new Rows(
        source,
        header,
        places,
        fields,
        selection,
        options,
        {
          ...dialect,
          hasHeader,
        },
        blank,
      )
      parseLines(text, source, dialect, (record, line) => pass.add(record, line))
      return pass.reading()
    },
  }
}

/**
 * Whether the file is the Embedding Projector's `metadata.tsv` of one column, which by its rule has no line
 * of column names; one that is called as labels or ids are has.
 */
function isProjectorLabels(
  source: string,
  usual: ',' | '\t',
  { part, columns }: OpenOptions,
  sample: readonly (readonly string[])[],
): boolean {
  const name = sample[0]?.[0] ?? ''
  return (
    usual === '\t' &&
    part === 'metadata' &&
    /(?:^|\/)metadata\.tsv$/i.test(source) &&
    sample.every(({ length }) => length === 1) &&
    !isNamed(name, columns.label) &&
    !isNamed(name, columns.id)
  )
}

function projectorTold(source: string): Warning {
  return {
    code: 'dialect-chosen',
    message: `${source} has one column: it is read as labels without a line of column names, as TensorFlow’s Embedding Projector has it`,
  }
}

/** Whether each line begins with a name of its row, which the line of column names has no name for: as R writes them. */
function areNamed(names: number, rows: readonly (readonly string[])[]): boolean {
  const firsts = new Set(rows.map(([first]) => first))
  return (
    rows.length > 1 &&
    firsts.size === rows.length &&
    // With a delimiter behind the last entry there is one more that is empty.
    rows.every((row) => row.length === names + 1 && row.at(-1) !== '')
  )
}

/** Text has no zero bytes: a damaged file has, and one that is no text. */
function checkNul(text: Uint8Array, source: string): void {
  const at = text.indexOf(0)
  if (at < 0) return
  let line = 1
  for (let place = 0; place < at; place += 1) if (text[place] === 0x0a) line += 1
  throw new InputError({
    code: 'csv-syntax',
    message: `The file is no text: byte ${at} is zero.`,
    where: `${source}, line ${line}`,
    hint: 'Send it again if it was cut off while it was copied; if it is no CSV, give it the extension of its format.',
  })
}

function fieldOf(
  name: string,
  entries: readonly string[],
  { marks, hasNullMark }: Dialect,
  source: string,
): Field {
  const filled = entries.filter(
    (entry) => entry.trim() !== '' && !(hasNullMark && entry === NULL_MARK),
  )
  const isNumber = filled.length > 0 && filled.every((entry) => isNumberText(entry, marks))
  const vectors = isNumber ? [] : filled.map(readVectorText)
  const isVector = vectors.length > 0 && vectors.every(isMeantAsVector)
  const first = vectors.find((vector) => 'values' in vector)
  const issues = vectors.flatMap(
    (vector, at) => vectorTextIssue(vector, filled[at]!, `${source}, column ${name}`) ?? [],
  )
  return {
    name,
    kind: isVector ? 'vector' : isNumber ? 'number' : 'text',
    type: isNumber ? 'numbers' : 'text',
    shape: isVector ? [null, first !== undefined ? first.values.length : null] : [null],
    examples: filled.slice(0, SHOWN).map((entry) => shortName(entry)),
    isInteger: false,
    problem: isVector ? (issues[0] ?? null) : null,
    longestText: null,
    byteLength: null,
  }
}

function isMeantAsVector(vector: VectorText): boolean {
  return 'values' in vector ? vector.values.length > 0 : vector.problem !== 'not a vector'
}

/** Calls back with each record and the number of its last line. */
function parseLines(
  text: Uint8Array,
  source: string,
  dialect: Dialect,
  onRecord: (record: readonly string[], line: number) => void,
): void {
  const { start, skippedLines } = dialect
  try {
    parseText(
      text.subarray(start),
      dialect,
      (record, line) => onRecord(record, line + skippedLines),
      null,
    )
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    if (cause.code === 'CSV_MAX_RECORD_SIZE') {
      throw tooLong(source, skippedLines + (Number(cause.lines) || 1))
    }
    throw new InputError({
      code: 'csv-syntax',
      message: `The file is not CSV that can be read: ${damageText(cause)}.`,
      where: `${source}, line ${skippedLines + (Number(cause.lines) || 1)}`,
      hint: 'Put entries that hold commas, quotes or line breaks in double quotes, and double the quotes inside.',
    })
  }
}

/** The names in the first line. */
function checkHeader(
  record: readonly string[],
  source: string,
): { readonly header: readonly string[]; readonly warnings: readonly Warning[] } {
  // A first column without a name is that in which pandas and R number or name the rows.
  const header = record.map((name, place) =>
    place === 0 && name.trim() === '' && record.length > 1 ? ROW_INDEX : name.trim(),
  )
  if (header.every((name) => name === '' || name === ROW_INDEX)) {
    throw new InputError({
      code: 'csv-header',
      message: 'The first line names 0 columns.',
      where: `${source}, line 1`,
      hint: 'The first line names the columns, separated by commas, for example id,label.',
    })
  }
  const tooLong = header.find((name) => name.length > LONGEST_COLUMN_NAME)
  if (tooLong !== undefined) {
    throw new InputError({
      code: 'csv-header',
      message: `The name of column ${header.indexOf(tooLong) + 1} has ${tooLong.length} characters, ${JSON.stringify(shortName(tooLong))}; at most ${LONGEST_COLUMN_NAME} are read.`,
      where: `${source}, line 1`,
      hint: 'The first line names the columns, separated by commas, for example id,label.',
    })
  }
  const seen = new Set<string>()
  const twice = header.find((name) => name !== '' && seen.size === seen.add(name).size)
  if (twice !== undefined) {
    throw new InputError({
      code: 'csv-header',
      message: `Columns ${header.indexOf(twice) + 1} and ${header.lastIndexOf(twice) + 1} have one name, ${JSON.stringify(twice)}.`,
      where: `${source}, line 1`,
      hint: 'Give each column a name of its own.',
    })
  }
  const nameless = header.flatMap((name, place) => (name === '' ? [place + 1] : []))
  return {
    header,
    warnings:
      nameless.length === 0
        ? []
        : [
            {
              code: 'column-ignored',
              message: `Columns without a name are left out of ${source}: ${nameless.slice(0, 5).join(', ')} (counted from 1)`,
            },
          ],
  }
}
