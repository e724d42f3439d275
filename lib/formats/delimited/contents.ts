/** Text with a mark between the columns, CSV and TSV: its fields by its first lines, its rows as they come. */

import { CsvError, parse } from 'csv-parse/sync'
import { InputError } from '../../core/errors.ts'
import type { FileSource } from '../../core/file-source.ts'
import { LONGEST_COLUMN_NAME, LONGEST_LINE, shortName } from '../../core/limits.ts'
import type { Warning } from '../../core/warning.ts'
import type { Contents, Field, Opener, OpenOptions } from '../contents.ts'
import { damageText } from '../damage-text.ts'
import { elided, readVectorText, type VectorText } from '../vector-text.ts'
import { DELIMITER_WORDS, type Dialect, dialectOf, SAMPLE_LINES } from './dialect.ts'
import { toUtf8 } from './encoding.ts'
import { Rows } from './rows.ts'
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
  const dialect = dialectOf(text, usual)
  const sample: (readonly string[])[] = []
  parseLines(text, source, dialect, (record) => sample.push(record), SAMPLE_LINES)
  const [first] = sample
  if (first === undefined) {
    throw new InputError({
      code: 'csv-empty',
      message: 'The file holds 0 lines of text.',
      where: source,
      hint: 'The first line names the columns, for example id,label.',
    })
  }
  const { hasHeader } = dialect
  const hasRowNames = hasHeader && areNamed(first.length, sample.slice(1))
  const { header, warnings } = hasHeader
    ? checkHeader(hasRowNames ? ['', ...first] : first, source)
    : { header: first.map((_, place) => `column_${place + 1}`), warnings: [] }
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
    warnings: [...encoding, ...dialectWarnings(dialect, usual, source), ...warnings],
    read: async (selection) => {
      const pass = new Rows(source, header, places, fields, selection, options, dialect)
      parseLines(text, source, dialect, (record, line) => pass.add(record, line), null)
      return pass.reading()
    },
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

function dialectWarnings(
  { delimiter, hasDecimalComma, hasHeader }: Dialect,
  usual: ',' | '\t',
  source: string,
): readonly Warning[] {
  const told = [
    ...(delimiter === usual ? [] : [`${DELIMITER_WORDS[delimiter]} between the columns`]),
    ...(hasDecimalComma ? ['a comma before the fraction of a number'] : []),
    ...(hasHeader ? [] : ['no line of column names: they are called column_1, column_2 and so on']),
  ]
  if (told.length === 0) return []
  return [{ code: 'dialect-chosen', message: `${source} is read with ${told.join(', and with ')}` }]
}

function fieldOf(
  name: string,
  entries: readonly string[],
  { hasDecimalComma }: Dialect,
  source: string,
): Field {
  const filled = entries.filter((entry) => entry.trim() !== '')
  const isNumber =
    filled.length > 0 && filled.every((entry) => isNumberText(entry, hasDecimalComma))
  const vectors = isNumber ? [] : filled.map(readVectorText)
  const isVector = vectors.length > 0 && vectors.every(isVectorOrElided)
  const first = vectors.find((vector) => 'values' in vector)
  const isElided = vectors.some((vector) => 'problem' in vector && vector.problem === 'elided')
  return {
    name,
    kind: isVector ? 'vector' : isNumber ? 'number' : 'text',
    type: isNumber ? 'numbers' : 'text',
    shape: isVector ? [null, first !== undefined ? first.values.length : null] : [null],
    examples: filled.slice(0, SHOWN).map((entry) => shortName(entry)),
    isInteger: false,
    problem: isVector && isElided ? elided(`${source}, column ${name}`) : null,
    longestText: null,
    byteLength: null,
  }
}

function isVectorOrElided(vector: VectorText): boolean {
  return 'values' in vector ? vector.values.length > 0 : vector.problem === 'elided'
}

/** Calls back with each record and the number of its last line; with the first `most` of them only, where that is given. */
function parseLines(
  bytes: Uint8Array,
  source: string,
  { delimiter, skipsFirst }: Dialect,
  onRecord: (record: readonly string[], line: number) => void,
  most: number | null,
): void {
  let isFirst = skipsFirst
  try {
    parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      bom: true,
      delimiter,
      relax_column_count: true,
      max_record_size: LONGEST_LINE,
      skip_empty_lines: true,
      ...(most === null ? {} : { to: most }),
      // Rows are turned into numbers at once: keeping them as text takes ten times the memory.
      on_record: (record: readonly string[], { lines }) => {
        if (isFirst) isFirst = false
        else onRecord(record, lines)
        return null
      },
    })
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    if (cause.code === 'CSV_MAX_RECORD_SIZE') {
      throw new InputError({
        code: 'csv-line-too-long',
        message: `A line has more than ${LONGEST_LINE} characters, which is the most that are read.`,
        where: `${source}, line ${Number(cause.lines) || 1}`,
        hint: 'Look for a quote that is opened and not closed, or for an entry that holds a whole file.',
      })
    }
    throw new InputError({
      code: 'csv-syntax',
      message: `The file is not CSV that can be read: ${damageText(cause)}.`,
      where: `${source}, line ${Number(cause.lines) || 1}`,
      hint: 'Put entries that hold commas, quotes or line breaks in double quotes, and double the quotes inside.',
    })
  }
}

/** The names in the first line. */
function checkHeader(
  record: readonly string[],
  source: string,
): { readonly header: readonly string[]; readonly warnings: readonly Warning[] } {
  const header = record.map((name) => name.trim())
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
