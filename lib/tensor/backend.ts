/** The one interface through which tensors are multiplied, and the names of what may stand behind it. */

/** Float32 rows; on a `SharedArrayBuffer` where worker threads are to read them. */
export interface Matrix {
  readonly values: Float32Array
  readonly rows: number
  readonly dimensions: number
  /** Where set, all rows' values of one dimension lie together; else all of a row's. */
  readonly byDimension?: boolean
}

/** A rectangle of the matrix of products: rows of the left matrix by rows of the right one. */
export interface Tile {
  readonly leftStart: number
  readonly leftEnd: number
  readonly rightStart: number
  readonly rightEnd: number
  /** Over some of the dimensions rather than all. */
  readonly from?: number
  readonly to?: number
}

export interface Backend {
  readonly name: BackendName
  readonly version: string
  readonly threads: number
  /**
   * Inner products of rows, tile by tile in the order given: each value holds `left rows × right rows`
   * float32 products, row-major, and is only valid until the next one is asked for. Leaving the loop
   * early frees everything.
   */
  products(left: Matrix, right: Matrix, tiles: readonly Tile[]): AsyncGenerator<Float32Array, void>
  close(): Promise<void>
}

/** Fastest first; `auto` takes the first that loads. */
export const BACKEND_NAMES = ['tfjs-node-gpu', 'tfjs-node', 'wasm'] as const

export type BackendName = (typeof BACKEND_NAMES)[number]
export type BackendChoice = 'auto' | BackendName
