/** Long arrays of numbers compared: `toEqual` takes a microsecond for each, which adds up to seconds. */

import { expect } from 'vitest'

type Numbers = Int32Array | Float32Array | Float64Array | Uint8Array

/** Fails with the first place where they differ; 0 and −0 do, NaN and NaN don't. */
export function expectSameValues(found: Numbers, wanted: Numbers, what = 'values'): void {
  const said = (values: Numbers) => ({ what, kind: values.constructor.name, length: values.length })
  expect(said(found)).toEqual(said(wanted))
  for (let at = 0; at < wanted.length; at++) {
    if (!Object.is(found[at], wanted[at])) {
      expect({ what, at, value: found[at] }).toEqual({ what, at, value: wanted[at] })
    }
  }
}
