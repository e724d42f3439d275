/** Where the pictures of a run's rows are published. */

export type ReportImages =
  | {
      readonly kind: 'sprite'
      readonly href: string
      readonly tile: readonly [width: number, height: number]
      /** Size of the whole picture, in pixels. */
      readonly sheet: readonly [width: number, height: number]
    }
  | { readonly kind: 'links' }
