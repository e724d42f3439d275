/** The port through which everything is read and published: a directory, memory or S3. */

export interface ObjectInfo {
  readonly key: string
  readonly byteLength: number
  /** Changes whenever the content does; opaque, without quotes. */
  readonly etag: string
  /** ISO 8601, UTC. */
  readonly modifiedAt: string
}

export interface StoredObject extends ObjectInfo {
  readonly body: Uint8Array
}

export interface RangeOptions {
  /** Read only if the object still has this etag. */
  readonly ifMatch?: string
}

export interface PutOptions {
  readonly contentType?: string
  readonly cacheControl?: string
  /** Write only if there is no such object yet. */
  readonly ifAbsent?: boolean
  /** Write only if the object still has this etag. */
  readonly ifMatch?: string
}

/**
 * Keys are relative, with `/` between their parts; no part is empty, `.` or `..`.
 * A reader sees an object whole or not at all. What is done on a condition that doesn't hold throws
 * `PreconditionFailedError`; trouble that may pass throws `StoreError`.
 */
export interface Store {
  /** What messages call it, for example `directory ./bucket/site`. */
  readonly name: string
  get(key: string): Promise<StoredObject | null>
  /**
   * The bytes from `start` up to, not with, `end`, all of them: `StoreRefusedError` `range-past-end`
   * where the object ends before. Null where there is no object.
   */
  getRange(
    key: string,
    start: number,
    end: number,
    options?: RangeOptions,
  ): Promise<Uint8Array | null>
  head(key: string): Promise<ObjectInfo | null>
  put(key: string, body: Uint8Array | string, options?: PutOptions): Promise<ObjectInfo>
  /** Every object whose key starts with the prefix, in key order (UTF-8 bytes), however many there are. */
  list(prefix: string): AsyncIterable<ObjectInfo>
  delete(key: string): Promise<void>
}
