/** Stands in for CloudFront's own module of this name, where `viewer-request.mjs` runs on Node. */

/** What a CloudFront function may ask of its key-value store. */
export interface KeyValues {
  /** Throws where there is no such key. */
  get(key: string): Promise<string>
}

let store: KeyValues | null = null

/** As CloudFront associates one store with a function, a process has one. */
export function useKeyValues(values: KeyValues): void {
  store = values
}

export default {
  kvs(): KeyValues {
    if (store === null) throw new Error('no key-value store is in use')
    return store
  },
}
