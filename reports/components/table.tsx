/** A table of records: numbers to the right, long lists cut with a word on what is left out. */

import type { Child } from 'hono/jsx'
import { count } from '../words/format.ts'

export interface TableColumn<T> {
  readonly title: string
  readonly cell: (row: T) => unknown
  readonly number?: boolean
}

export interface TableProps<T> {
  readonly caption: string
  readonly columns: readonly TableColumn<T>[]
  readonly rows: readonly T[]
  /** At most so many rows are shown; 20 unless told. */
  readonly limit?: number
  /** Where the rest is. */
  readonly rest?: unknown
  /** Shows the caption; without, only assistive technology reads it. */
  readonly titled?: boolean
  /** Takes the page's width, for rows that start with a sentence. */
  readonly wide?: boolean
}

export function Table<T>(props: TableProps<T>) {
  const limit = props.limit ?? 20
  const shown = props.rows.slice(0, limit)
  const left = props.rows.length - shown.length
  return (
    <>
      <section
        class={props.wide ? 'scroll wide' : 'scroll'}
        aria-label={props.caption}
        tabindex={0}
      >
        <table>
          <caption class={props.titled ? undefined : 'unseen'}>{props.caption}</caption>
          <thead>
            <tr>
              {props.columns.map((column) => (
                <th scope="col" class={column.number ? 'n' : undefined}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr>
                {props.columns.map((column, place) =>
                  place === 0 ? (
                    <th scope="row" class={column.number ? 'n' : undefined}>
                      {column.cell(row) as Child}
                    </th>
                  ) : (
                    <td class={column.number ? undefined : 't'}>{column.cell(row) as Child}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {left > 0 ? (
        <p class="rest">
          {count(left)} more {props.rest ?? 'are left out here'}.
        </p>
      ) : null}
    </>
  )
}
