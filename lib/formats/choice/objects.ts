/** What is said of vectors that are Python's objects, as a column of pandas holds them: the line that saves them. */

import { InputError } from '../../core/errors.ts'
import { AS_ARRAY, fromObject } from '../../core/format-remedies.ts'
import type { Contents, Field } from '../contents.ts'
import { shapeOf } from './names.ts'

/** Arrays that the line saves besides the vectors. */
const SAVED = 4

export function isOfObjects({ problem }: Field): boolean {
  return problem?.code === 'npy-object'
}

/** @param place of the vectors; the other arrays of objects are turned into texts in the same line */
export function objectVectors(contents: Contents, place: number): InputError {
  const field = contents.fields[place]!
  const isDictionary = field.shape.length === 0
  const isStack = field.shape.length === 1
  const what = isDictionary
    ? ', such as a dictionary that was saved with np.save'
    : isStack
      ? ', one vector each as pandas has them'
      : ''
  return new InputError({
    code: 'npy-object',
    message: `${field.name.slice(0, 60)} ${shapeOf(field)} holds Python objects${what}; only Python's pickle can read those, and nearmiss never unpickles anything.`,
    where: field.problem?.where ?? contents.source,
    hint: isDictionary ? unfolded(contents, field) : stacked(contents, place, isStack),
  })
}

/** @returns what a single object of Python holds, saved by its names */
function unfolded({ source }: Contents, { name }: Field): string {
  const part = source.endsWith('.npz') ? `[${JSON.stringify(name.slice(0, 40))}]` : ''
  return fromObject((file) => `np.load(${file}, allow_pickle=True)${part}.item()`, AS_ARRAY)(
    source,
    'embeddings',
  )
}

/** The line loads what is in the file already: it is the sender's own. */
function stacked({ fields, source, isTable }: Contents, place: number, isStack: boolean): string {
  const isOneArray = source.endsWith('.npy') && !isTable
  const expression = ({ name }: Field) =>
    isOneArray ? 'd' : `d[${JSON.stringify(name.slice(0, 40))}]`
  const others = fields.filter((one, at) => at !== place && one.shape.length === 1)
  const saved = others.slice(0, SAVED).map((one) => {
    const values = isOfObjects(one) ? `np.array(${expression(one)}, dtype=str)` : expression(one)
    return `${JSON.stringify(one.name.slice(0, 40))}: ${values}`
  })
  const vectors = isStack
    ? `np.stack(${expression(fields[place]!)})`
    : `${expression(fields[place]!)}.astype("float32")`
  const made = isOneArray
    ? `np.save(${JSON.stringify(source)}, ${vectors})`
    : `np.savez("embeddings.npz", **{${[`"embeddings": ${vectors}`, ...saved].join(', ')}})`
  const member = isTable && source.endsWith('.npz') ? '; d = d[d.files[0]]' : ''
  const more = others.length > SAVED ? ' (the other arrays in the same way)' : ''
  return `${isStack ? 'Stack them into' : 'Save'} one array of numbers${more}: import numpy as np; d = np.load(${JSON.stringify(source)}, allow_pickle=True)${member}; ${made}`
}
