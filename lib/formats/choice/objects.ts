/** What is said of vectors that are Python's objects, as a column of pandas holds them: the line that saves them. */

import { InputError } from '../../core/errors.ts'
import type { Contents, Field } from '../contents.ts'
import { expressionOf } from '../npy-type.ts'
import { shapeOf } from './names.ts'

/** Arrays that the line saves besides the vectors. */
const SAVED = 4

export function isOfObjects({ problem }: Field): boolean {
  return problem?.code === 'npy-object'
}

/** @param place of the vectors; the other arrays of objects are turned into texts in the same line */
export function objectVectors({ fields, source, isTable }: Contents, place: number): InputError {
  const field = fields[place]!
  const expression = ({ name }: Field) =>
    isTable ? `table[${JSON.stringify(name.slice(0, 40))}]` : expressionOf(name)
  const isStack = field.shape.length !== 2
  const stacked = isStack
    ? `np.stack(${expression(field)})`
    : `${expression(field)}.astype("float32")`
  // As a keyword a name has to be a word.
  const keyword = (name: string) => expressionOf(name)
  const others = fields.filter(
    (one, at) => at !== place && one.shape.length === 1 && /^[A-Za-z_]\w{0,40}$/.test(one.name),
  )
  const saved = others
    .slice(0, SAVED)
    .map((one) =>
      isOfObjects(one)
        ? `${keyword(one.name)}=np.array(${expression(one)}, dtype=str)`
        : `${keyword(one.name)}=${expression(one)}`,
    )
  const line =
    others.length === 0 && source.endsWith('.npy')
      ? `np.save(${JSON.stringify(source)}, ${stacked})`
      : `np.savez("embeddings.npz", ${[`embeddings=${stacked}`, ...saved].join(', ')})`
  const more = others.length > SAVED ? ', and the other arrays in the same way' : ''
  return new InputError({
    code: 'npy-object',
    message: `${field.name.slice(0, 60)} ${shapeOf(field)} holds Python objects${isStack ? ', one vector each as pandas has them' : ''}; only Python's pickle can read those, and nearmiss never unpickles anything.`,
    where: field.problem?.where ?? source,
    hint: `${isStack ? 'Stack them into' : 'Save'} one array of numbers: import numpy as np; ${line}${more}.`,
  })
}
