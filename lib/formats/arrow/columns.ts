/** Columns of an Arrow file, batch by batch. */

import type { Batch } from '@uwdata/flechette'
import { LONGEST_ENTRY, shortName, textTooLong } from '../../core/limits.ts'
import { type Column, isNamed } from '../../core/table.ts'
import type { Warning } from '../../core/warning.ts'
import { NamedClasses } from '../class-names.ts'
import { columnOf, entryText } from '../column-values.ts'
import type { FieldColumn, OpenOptions } from '../contents.ts'
import { type ArrowField, entriesOf, type Reader } from './fields.ts'
import { checkBound, checkRows } from './matrices.ts'

/** Null in the end where an entry is too long, which a warning tells. */
export function columnReader(
  one: ArrowField,
  rows: number,
  { asText, longest }: FieldColumn,
  { columns }: OpenOptions,
  source: string,
  warnings: Warning[],
): Reader<Column | null> {
  const { name } = one.field
  const limit = longest ?? LONGEST_ENTRY
  const classes = one.names === null ? null : new NamedClasses(one.names)
  let all: unknown[] | null = []
  const leaveOut = (row: number, length: number) => {
    if (longest !== null) {
      const where = `${source}, column ${name}, row ${row}`
      throw textTooLong(name, length, longest, where, isNamed(name, columns.label))
    }
    warnings.push({
      code: 'column-ignored',
      message: `The column ${shortName(name)} of ${source} is left out: its entry in row ${row} has ${length} characters, and ${LONGEST_ENTRY} are the most`,
    })
    all = null
  }
  const take = (batch: Batch<unknown>) => {
    if (all === null) return
    checkBound(all.length + batch.length, rows, name)
    for (const written of entriesOf(one, batch)) {
      const named = classes === null ? written : classes.nameOf(written)
      // Bytes are a view of what is thrown away.
      const entry = named instanceof Uint8Array ? entryText(named) : named
      if (typeof entry === 'string' && entry.length > limit)
        return leaveOut(all.length, entry.length)
      all.push(entry)
    }
  }
  return {
    takes: [[one.place, take]],
    end: () => {
      if (all === null) return null
      checkRows(all.length, rows, name)
      if (classes !== null) warnings.push(...classes.warnings(name, source))
      return columnOf(name, all, asText)
    },
  }
}
