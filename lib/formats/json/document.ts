/** A JSON file that is one object: its members are columns, or one of them holds the rows. */

import { InputError } from '../../core/errors.ts'
import { MOST_COLUMNS, MOST_DIMENSIONS, shortName } from '../../core/limits.ts'
import type { ColumnNames } from '../../core/manifest.ts'
import { isNamed } from '../../core/table.ts'
import { isVectorName } from '../../core/usual-names.ts'
import type { Warning } from '../../core/warning.ts'
import { joinWords } from '../../core/words.ts'
import { isDimensionPrefix } from '../choice/names.ts'
import { type JsonRecords, putCell, RowReader, unclear } from './rows.ts'
import { type JsonKind, JsonScanner } from './scanner.ts'

/** Names that the entries of rows may have, all rows together. */
export const MOST_NAMES = MOST_DIMENSIONS + MOST_COLUMNS

interface Member {
  readonly key: string
  readonly start: number
  readonly kind: JsonKind | null
  /** Of its own entries: how many, the first one's kind, and the keys of the first few. */
  readonly entries: number
  readonly first: JsonKind | null
  readonly keys: readonly string[]
}

/** One object: its members are columns, or one of them holds the rows. */
export function documentRecords(
  at: (place: number) => JsonScanner,
  start: number,
  source: string,
  names: ColumnNames,
): JsonRecords {
  const members = membersOf(at(start), source)
  const lists = members.filter(({ kind }) => kind === 'list')
  const objects = members.filter(({ kind }) => kind === 'object')
  const member = (key: string) => lists.find((one) => one.key === key)
  const [columns, data] = [member('columns'), member('data')]
  if (columns && data && columns.first === 'text') {
    return splitRecords(at, columns, data, member('index') ?? null, names)
  }
  const ofRows = lists.filter(({ first }) => first === 'object')
  if (ofRows.length === 1 && lists.length === 1) {
    const [rows] = ofRows
    return {
      walk: (onCell) => {
        const reader = new RowReader(names.embeddings, onCell)
        const scanner = at(rows!.start)
        scanner.list(() => reader.row(scanner))
        return reader.walk()
      },
      warnings: leftOut(
        members.filter((one) => one !== rows),
        source,
      ),
    }
  }
  if (lists.length > 0) {
    checkLists(lists, source, names)
    return {
      walk: (onCell) => {
        for (const { key, start: place } of lists) {
          const scanner = at(place)
          scanner.list((row) => putCell(row, key, scanner, onCell))
        }
        return { rows: lists[0]!.entries, isHeaderless: false }
      },
      warnings: leftOut(
        members.filter(({ kind }) => kind !== 'list'),
        source,
      ),
    }
  }
  if (objects.length > 0 && objects.length === members.length) {
    return recordsOfObjects(at, objects, source, names)
  }
  throw unclear(source, `The file is one object with ${describe(members)}.`)
}

function membersOf(scanner: JsonScanner, source: string): readonly Member[] {
  const members = new Map<string, Member>()
  scanner.object((key) => {
    const kind = scanner.kind()
    const start = scanner.at
    if (members.has(key)) throw scanner.wrong(`the key ${shown(key)} is there twice`)
    if (members.size === MOST_NAMES) {
      throw unclear(source, `The file is one object of more than ${MOST_NAMES} members.`)
    }
    let first: JsonKind | null = null
    let entries = 0
    const keys: string[] = []
    const count = () => {
      if (entries === 0) first = scanner.kind()
      entries += 1
      scanner.skip()
    }
    if (kind === 'list') scanner.list(count)
    else if (kind === 'object') {
      scanner.object((inner) => {
        if (keys.length < 20) keys.push(inner)
        count()
      })
    } else scanner.skip()
    members.set(key, { key, start, kind, entries, first, keys })
  })
  return [...members.values()]
}

/** As pandas writes `orient="split"`. */
function splitRecords(
  at: (place: number) => JsonScanner,
  columns: Member,
  data: Member,
  index: Member | null,
  { id }: ColumnNames,
): JsonRecords {
  const names: string[] = []
  const header = at(columns.start)
  header.list(() => names.push(header.text()))
  // A default index is its rows' numbers; a text names its row.
  const isNamedRows = index?.first === 'text' && !names.some((name) => isNamed(name, id))
  return {
    walk: (onCell) => {
      const scanner = at(data.start)
      scanner.list((row) => {
        let entries = 0
        scanner.list((place) => {
          entries = place + 1
          const name = names[place]
          if (name === undefined) scanner.skip()
          else putCell(row, name, scanner, onCell)
        })
        if (entries === names.length) return
        throw scanner.wrong(`row ${row} has ${entries} entries for ${names.length} columns`)
      })
      if (isNamedRows) {
        if (index.entries !== data.entries) {
          throw scanner.wrong(`its index has ${index.entries} entries for ${data.entries} rows`)
        }
        const ids = at(index.start)
        ids.list((row) => onCell(row, id, ids))
      }
      return { rows: data.entries, isHeaderless: false }
    },
    warnings: [],
  }
}

/** Lists are columns of one length; vectors by their ids look the same, and must not be taken for them. */
function checkLists(lists: readonly Member[], source: string, columns: ColumnNames): void {
  const [first] = lists
  const other = lists.find(({ entries }) => entries !== first!.entries)
  if (other !== undefined) {
    throw new InputError({
      code: 'json-lengths',
      message: `The list ${shown(first!.key)} has ${first!.entries} entries, and ${shown(other.key)} has ${other.entries}.`,
      where: source,
      hint: 'Lists of one object are columns: give each one entry a row, or write one object a row: frame.to_json("embeddings.jsonl", orient="records", lines=True)',
    })
  }
  const isColumn = ({ key }: Member) =>
    isDimensionPrefix(key.replace(/\d+$/, '')) ||
    isNamed(key, columns.label) ||
    isNamed(key, columns.id) ||
    key.startsWith(columns.embeddings)
  if (lists.length === 1 || !lists.every((one) => one.first === 'number')) return
  if (lists.some(isColumn)) return
  throw new InputError({
    code: 'json-shape',
    message: `The file is one object of ${lists.length} lists of ${first!.entries} numbers, ${describe(lists)}: vectors by id, or columns by name.`,
    where: source,
    hint: `Of vectors by id make rows: import json, pandas as pd; d = json.load(open(${JSON.stringify(source)})); pd.DataFrame({"id": list(d), "embedding": list(d.values())}).to_json("embeddings.jsonl", orient="records", lines=True)`,
  })
}

/** As pandas writes `orient="columns"` and `orient="index"`: told apart by where the rows' numbers or known names stand. */
function recordsOfObjects(
  at: (place: number) => JsonScanner,
  members: readonly Member[],
  source: string,
  columns: ColumnNames,
): JsonRecords {
  const [first] = members
  const outer = members.slice(0, 20).map(({ key }) => key)
  const areNumbers = (keys: readonly string[]) => keys.every((key) => /^\d+$/.test(key))
  const areColumns = (keys: readonly string[]) =>
    keys.some((key) => isVectorName(key) || isNamed(key, columns.label) || key === columns.id)
  const inner = first!.keys
  const isByColumn = areColumns(outer) || (areNumbers(inner) && !areNumbers(outer))
  const isByRow = areColumns(inner) || (areNumbers(outer) && !areNumbers(inner))
  if (isByColumn === isByRow) {
    throw unclear(source, `The file is one object of objects, ${describe(members)}.`)
  }
  const hasIds = !areNumbers(isByColumn ? inner : outer)
  if (isByRow) {
    const isTaken = !hasIds || inner.some((key) => isNamed(key, columns.id))
    return {
      walk: (onCell) => {
        for (const [row, { key, start }] of members.entries()) {
          putCell(row, '', at(start), onCell)
          if (!isTaken) onCell(row, columns.id, textScanner(key, source))
        }
        return { rows: members.length, isHeaderless: false }
      },
      warnings: [],
    }
  }
  const isTaken = !hasIds || outer.some((key) => isNamed(key, columns.id))
  return {
    walk: (onCell) => {
      const keys: string[] = []
      for (const [place, { key: name, start }] of members.entries()) {
        const scanner = at(start)
        let row = 0
        scanner.object((key) => {
          if (place === 0) {
            keys.push(key)
            if (!isTaken) onCell(row, columns.id, textScanner(key, source))
          } else if (keys[row] !== key) {
            throw scanner.wrong(
              `row ${row} is called ${shown(key)}, and before ${shown(keys[row])}`,
            )
          }
          putCell(row, name, scanner, onCell)
          row += 1
        })
        if (row !== keys.length) {
          throw scanner.wrong(`${shown(name)} has ${row} entries, and those before ${keys.length}`)
        }
      }
      return { rows: keys.length, isHeaderless: false }
    },
    warnings: [],
  }
}

function textScanner(text: string, source: string): JsonScanner {
  return new JsonScanner(Buffer.from(JSON.stringify(text)), source)
}

function leftOut(members: readonly Member[], source: string): readonly Warning[] {
  if (members.length === 0) return []
  const names = members.map(({ key }) => shortName(key))
  return [
    {
      code: 'column-ignored',
      message: `Of ${source} these are no columns, and left out: ${joinWords(names, 8)}`,
    },
  ]
}

function describe(members: readonly Member[]): string {
  const words = members.slice(0, 6).map(({ key, kind, entries, first }) => {
    const inner = first === null ? '' : ` of ${entries} × ${first}`
    return `${shown(key)} (${kind}${inner})`
  })
  return joinWords(members.length > 6 ? [...words, `${members.length - 6} more`] : words, 8)
}

function shown(key: string | undefined): string {
  return key === undefined
    ? 'nothing'
    : JSON.stringify(key.length > 30 ? `${key.slice(0, 30)}…` : key)
}
