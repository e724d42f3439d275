/** One whole number, however it is written: `3`, `+3` and `3.0`. */

export function isWholeNumber(text: string): boolean {
  return /^[+-]?\d+(?:\.0*)?$/.test(text)
}

/** `+3.0` → `3`; zeros in front stay, as in codes. */
export function wholeNumber(text: string): string {
  return text
    .replace(/\.0*$/, '')
    .replace(/^\+/, '')
    .replace(/^-(0+)$/, '$1')
}
