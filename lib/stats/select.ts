/** The smallest of many numbers, without sorting the rest. */

/** Moves the `count` smallest to the front, in any order: Hoare's selection with a median of three. */
export function selectSmallest(values: Float64Array, count: number): void {
  let low = 0
  let high = values.length - 1
  const wanted = count - 1
  if (count <= 0 || count >= values.length) return
  while (low < high) {
    const pivot = medianOfThree(values[low]!, values[(low + high) >> 1]!, values[high]!)
    let left = low
    let right = high
    while (left <= right) {
      while (values[left]! < pivot) left++
      while (values[right]! > pivot) right--
      if (left > right) break
      const value = values[left]!
      values[left++] = values[right]!
      values[right--] = value
    }
    if (wanted <= right) high = right
    else if (wanted >= left) low = left
    else return
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
