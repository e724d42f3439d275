/** Arrays that worker threads read and write in place. */

export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4))
}

export function sharedFloat64(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * 8))
}

export function sharedInt32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4))
}

export function sharedUint8(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length))
}

/** The array itself where threads can read it, else a copy that they can. */
export function shareable(array: Float32Array): Float32Array {
  if (array.buffer instanceof SharedArrayBuffer) return array
  const copy = sharedFloat32(array.length)
  copy.set(array)
  return copy
}

export function isShared(array: Float32Array): boolean {
  return array.buffer instanceof SharedArrayBuffer
}
