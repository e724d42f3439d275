/** What fewer dimensions or fewer bits a value would cost in accuracy, and save in storage and search. */

export interface TradeOff {
  /** Rows that were asked, and rows that they were held against. */
  readonly queries: number
  readonly gallery: number
  readonly exactness: 'exact' | 'sampled'
  /** Largest loss of Hit@1 and of MAP@R, as a share, that still keeps the target. */
  readonly target: number
  /** As they are first, then by kind and size. */
  readonly variants: readonly TradeOffVariant[]
  /** Id of the smallest that keeps the target; null where none does but the vectors as they are. */
  readonly smallest: string | null
  /** Why nothing was tried; null where something was. */
  readonly note: string | null
}

export interface TradeOffVariant {
  /** `full`, `pca-64`, `leading-64`, `int8` or `binary`. */
  readonly id: string
  readonly kind: 'full' | 'pca' | 'leading' | 'int8' | 'binary'
  readonly title: string
  readonly dimensions: number
  readonly bytesPerRow: number
  /** Bytes that a search reads, beside the vectors as they are: what bounds a scan of all rows. */
  readonly searchCost: number
  readonly hitAt1: number
  readonly hitAt10: number
  readonly mapAtR: number
  /** Against the vectors as they are, over the same queries, with 95 % intervals of the paired difference. */
  readonly hitAt1Loss: Loss
  readonly mapAtRLoss: Loss
  readonly keepsTarget: boolean
}

export interface Loss {
  readonly value: number
  readonly interval: readonly [number, number]
}
