/** Whether two reports say the same, apart from the last digits of what sums of distances make. */

const TOLERANCE = 1e-5

/** Paths at which two JSON values differ, with both values; numbers may by a hundred-thousandth. */
export function differences(a: unknown, b: unknown, path = ''): string[] {
  if (typeof a === 'number' && typeof b === 'number') {
    const near = Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a))
    return near ? [] : [`${path}: ${a} and ${b}`]
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return a === b ? [] : [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`]
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].flatMap((key) => differences(left[key], right[key], `${path}/${key}`))
}
