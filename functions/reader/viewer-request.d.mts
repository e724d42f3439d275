/** What CloudFront hands to its functions before a request, as far as it is used here. */

export interface ViewerValue {
  readonly value: string
  readonly multiValue?: readonly { readonly value: string }[]
}

export interface ViewerRequest {
  readonly method: string
  /** The path as it came, percent-encoded. */
  uri: string
  readonly querystring: Readonly<Record<string, ViewerValue>>
  readonly headers: Readonly<Record<string, ViewerValue>>
  readonly cookies: Readonly<Record<string, ViewerValue>>
}

export interface ViewerEvent {
  readonly request: ViewerRequest
}

/** Given instead of the request: the answer. */
export interface ViewerAnswer {
  readonly statusCode: number
  readonly statusDescription: string
  readonly headers: Readonly<Record<string, ViewerValue>>
  readonly body?: { readonly encoding: string; readonly data: string }
}

export interface ReaderOptions {
  /** The name of the cookie that holds the reader's token. */
  readonly cookie?: string
}

export function handler(
  event: ViewerEvent,
  options?: ReaderOptions,
): Promise<ViewerRequest | ViewerAnswer>
export function openHandler(event: ViewerEvent): ViewerRequest | ViewerAnswer
