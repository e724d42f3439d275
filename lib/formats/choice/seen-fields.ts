/** What is told of each field of a file: what it was used as, and its first entries. */

import { shortName } from '../../core/limits.ts'
import type { FieldUse, SeenField } from '../../core/seen.ts'
import type { Field, Reading } from '../contents.ts'
import type { Side } from './side.ts'
import type { VectorChoice } from './vectors.ts'

/** @param labels places of fields that are surely the labels */
export function seenFields(
  fields: readonly Field[],
  choice: VectorChoice | null,
  labels: readonly number[],
  left: ReadonlyMap<number, string>,
  { matrices }: Reading,
  read: ReadonlyMap<number, readonly string[]>,
): readonly SeenField[] {
  const seen = (place: number, use: FieldUse, why: string | null): SeenField => {
    const { name, type, shape, examples: early } = fields[place]!
    const examples = read.get(place) ?? early
    return { name: shortName(name), type: shortName(type), shape, examples, use, why }
  }
  const many = (places: readonly number[], use: FieldUse): SeenField[] => {
    const [first, last] = [places[0], places.at(-1)]
    if (first === undefined) return []
    const { rows, dimensions } = matrices[use === 'gallery' ? 1 : 0]!
    const one = { ...seen(first, use, choice?.why ?? null), shape: [rows, dimensions] }
    if (places.length === 1) return [one]
    return [{ ...one, name: `${one.name} … ${shortName(fields[last!]!.name)}` }]
  }
  const taken = new Set([...(choice?.vectors ?? []), ...(choice?.gallery?.vectors ?? [])])
  return [
    ...many(choice?.vectors ?? [], 'vectors'),
    ...many(choice?.gallery?.vectors ?? [], 'gallery'),
    ...[...fields.keys()]
      .filter((place) => !taken.has(place))
      .map((place) => {
        const why = left.get(place)
        if (why !== undefined) return seen(place, 'left out', why)
        return seen(place, labels.includes(place) ? 'label' : 'column', null)
      }),
  ]
}

const SHOWN = 3
const SHOWN_DIGITS = 4

/** The first entries of what was read, by the place of its first field. */
export function examplesOf(
  { matrices, columns }: Reading,
  sides: readonly Side[],
): ReadonlyMap<number, readonly string[]> {
  const examples = new Map<number, readonly string[]>()
  const chosen = sides.filter((side) => side.vectors.length > 0)
  for (const [at, side] of chosen.entries()) {
    const { values, dimensions } = matrices[at]!
    const first = Array.from(values.subarray(0, Math.min(SHOWN, dimensions)), (value) =>
      String(Number(value.toPrecision(SHOWN_DIGITS))),
    )
    examples.set(side.vectors[0]!, [`[${first.join(', ')}${dimensions > SHOWN ? ', …' : ''}]`])
  }
  for (const [at, { field }] of sides.flatMap(({ choice }) => choice.columns).entries()) {
    const column = columns[at]
    if (!column) continue
    examples.set(
      field,
      [...column.values.slice(0, SHOWN)].map((entry) => shortName(String(entry))),
    )
  }
  return examples
}
