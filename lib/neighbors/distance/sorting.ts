/** Selecting and sorting in parallel typed arrays: distances, and the row that each belongs to. */

/**
 * Moves the `count` smallest of the `length` distances from `start` on to the front, in any order, and
 * their rows with them. Hoare's selection with a median of three; linear on average.
 */
export function selectSmallest(
  distances: Float32Array | Float64Array,
  rows: Int32Array,
  start: number,
  length: number,
  count: number,
): void {
  let low = start
  let high = start + length - 1
  const target = start + count - 1
  if (count <= 0 || count >= length) return
  while (low < high) {
    const pivot = medianOfThree(distances[low]!, distances[(low + high) >> 1]!, distances[high]!)
    let left = low
    let right = high
    while (left <= right) {
      while (distances[left]! < pivot) left++
      while (distances[right]! > pivot) right--
      if (left <= right) {
        swap(distances, rows, left, right)
        left++
        right--
      }
    }
    if (target <= right) high = right
    else if (target >= left) low = left
    else return
  }
}

/** Sorts the first `length` entries by distance, equal distances by row. */
export function sortByDistance(distances: Float64Array, rows: Int32Array, length: number): void {
  sortRange(distances, rows, 0, length - 1)
}

function sortRange(distances: Float64Array, rows: Int32Array, from: number, to: number): void {
  let low = from
  let high = to
  while (high - low > 16) {
    const middle = (low + high) >> 1
    if (before(distances, rows, middle, low)) swap(distances, rows, middle, low)
    if (before(distances, rows, high, low)) swap(distances, rows, high, low)
    if (before(distances, rows, high, middle)) swap(distances, rows, high, middle)
    const pivotDistance = distances[middle]!
    const pivotRow = rows[middle]!
    let left = low
    let right = high
    while (left <= right) {
      while (precedes(distances[left]!, rows[left]!, pivotDistance, pivotRow)) left++
      while (precedes(pivotDistance, pivotRow, distances[right]!, rows[right]!)) right--
      if (left <= right) {
        swap(distances, rows, left, right)
        left++
        right--
      }
    }
    // The smaller half is sorted by recursion, so that the stack stays short on any input.
    if (right - low < high - left) {
      sortRange(distances, rows, low, right)
      low = left
    } else {
      sortRange(distances, rows, left, high)
      high = right
    }
  }
  for (let i = low + 1; i <= high; i++) {
    const distance = distances[i]!
    const row = rows[i]!
    let at = i - 1
    while (at >= low && precedes(distance, row, distances[at]!, rows[at]!)) {
      distances[at + 1] = distances[at]!
      rows[at + 1] = rows[at]!
      at--
    }
    distances[at + 1] = distance
    rows[at + 1] = row
  }
}

function precedes(distanceA: number, rowA: number, distanceB: number, rowB: number): boolean {
  return distanceA < distanceB || (distanceA === distanceB && rowA < rowB)
}

function before(distances: Float64Array, rows: Int32Array, a: number, b: number): boolean {
  return precedes(distances[a]!, rows[a]!, distances[b]!, rows[b]!)
}

function swap(
  distances: Float32Array | Float64Array,
  rows: Int32Array,
  a: number,
  b: number,
): void {
  const distance = distances[a]!
  distances[a] = distances[b]!
  distances[b] = distance
  const row = rows[a]!
  rows[a] = rows[b]!
  rows[b] = row
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

const RADIX_BITS = 8
const RADIX = 2 ** RADIX_BITS
const buckets = new Uint32Array(RADIX)

/**
 * Sorts the first `length` keys by value, stably, and their values with them: a radix sort, a byte at a
 * time from the lowest. A byte that all keys share is skipped.
 * @param spare arrays of the same length, which the passes overwrite
 */
export function sortByKey(
  keys: Uint32Array,
  values: Int32Array,
  length: number,
  spare: { readonly keys: Uint32Array; readonly values: Int32Array },
): void {
  let [fromKeys, fromValues, toKeys, toValues] = [keys, values, spare.keys, spare.values]
  for (let shift = 0; shift < 32; shift += RADIX_BITS) {
    buckets.fill(0)
    for (let at = 0; at < length; at++) buckets[(fromKeys[at]! >>> shift) & (RADIX - 1)]!++
    if (buckets[(fromKeys[0]! >>> shift) & (RADIX - 1)] === length) continue
    for (let bucket = 0, start = 0; bucket < RADIX; bucket++) {
      const count = buckets[bucket]!
      buckets[bucket] = start
      start += count
    }
    for (let at = 0; at < length; at++) {
      const to = buckets[(fromKeys[at]! >>> shift) & (RADIX - 1)]!++
      toKeys[to] = fromKeys[at]!
      toValues[to] = fromValues[at]!
    }
    ;[fromKeys, fromValues, toKeys, toValues] = [toKeys, toValues, fromKeys, fromValues]
  }
  if (fromKeys === keys) return
  keys.set(fromKeys.subarray(0, length))
  values.set(fromValues.subarray(0, length))
}
