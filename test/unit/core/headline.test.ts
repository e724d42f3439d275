import { expect, test } from 'vitest'
import { HEADLINE_FIGURES } from '../../../lib/core/headline.ts'
import { REFERENCE } from '../../../lib/reference/metrics.ts'

test.each(Object.entries(HEADLINE_FIGURES))(
  'what the %s tells first are figures, each once',
  (_place, ids) => {
    expect(new Set(ids).size).toBe(ids.length)
    const known = REFERENCE.flatMap(({ metrics }) => metrics.map(({ id }) => id))
    expect(known).toEqual(expect.arrayContaining([...ids]))
  },
)
