/** What Arrow's headers are written in: tables of fields, whose places are looked up, and lists. */

/** Where a field of a table lies; 0 where the table has none. */
export function tableAt(view: DataView, table: number): (field: number) => number {
  const fields = table - view.getInt32(table, true)
  const size = view.getUint16(fields, true)
  return (field) => {
    if (field >= size) return 0
    const place = view.getUint16(fields + field, true)
    return place === 0 ? 0 : table + place
  }
}

export function follow(view: DataView, place: number): number {
  return place + view.getUint32(place, true)
}

export interface List {
  /** Place of its first item. */
  readonly first: number
  readonly count: number
}

/** Throws `RangeError` for a list of more items than there is room for. */
export function listAt(view: DataView, place: number, itemBytes: number): List {
  if (place === 0) return { first: 0, count: 0 }
  const start = follow(view, place)
  const count = view.getUint32(start, true)
  if (start + 4 + count * itemBytes > view.byteLength) {
    throw new RangeError(`a list of its header claims ${count} entries, more than it has room for`)
  }
  return { first: start + 4, count }
}
