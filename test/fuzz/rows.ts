/** Small tables with hostile names and texts, for the writers of each format. */

import type { Chance } from './chance.ts'

export interface Rows {
  /** Exact in float32. */
  readonly vectors: readonly (readonly number[])[]
  readonly ids: readonly string[]
  readonly labels: readonly string[]
  /** One column more, of texts. */
  readonly extra: { readonly name: string; readonly values: readonly string[] }
}

/** No name of a role, and none that a program numbers. */
const NAMES = [
  'camera',
  '__proto__',
  'constructor',
  'toString',
  '<b>name</b>',
  '</script>',
  ']]>',
  'a,b;c',
  'quo"te',
  '\u202eeman',
  'new\nline',
  '=1+1',
  'name with spaces',
  'Größe',
  '苹果',
  '👩‍👩‍👧‍👦',
]

const TEXTS = [
  'north',
  'south, east',
  'a;b',
  'tab\there',
  'quo"te',
  "it's",
  'two\nlines',
  '</script><script>alert(1)</script>',
  ']]>',
  '<!--',
  '=SUM(A1)',
  '@cmd',
  '+1',
  '\u202eabc',
  '\u200b',
  '\u2028',
  '\u0007\u001b[31m',
  '__proto__',
  'constructor',
  'NaN',
  'null',
  'None',
  '007',
  '1e5',
  'e\u0301',
  'é',
  'שלום',
  '🙂',
  'javascript:alert(1)',
  '../../etc/passwd',
  'x'.repeat(400),
]

export function randomRows(chance: Chance): Rows {
  const count = 2 + chance.below(9)
  const dimensions = 2 + chance.below(6)
  const classes = [chance.pick(TEXTS), chance.pick(TEXTS), 'dog']
  return {
    vectors: Array.from({ length: count }, () =>
      Array.from({ length: dimensions }, () => chance.float()),
    ),
    ids: Array.from({ length: count }, (_, row) =>
      chance.once(3) ? `${chance.pick(TEXTS)}-${row}` : `img-${row}`,
    ),
    labels: Array.from({ length: count }, () => chance.pick(classes)),
    extra: {
      name: chance.pick(NAMES),
      values: Array.from({ length: count }, () => chance.pick(TEXTS)),
    },
  }
}
