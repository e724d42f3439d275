/** What a command is told to read, wherever it lies: a path, `s3://`, `https://`, or `-`. */

import { UsageError } from '../../../lib/core/errors.ts'
import type { ObjectInfo, Store } from '../../../lib/core/store.ts'

/** What of a store it takes to read a file. */
export type FileStore = Pick<Store, 'get' | 'getRange' | 'head'>

/** A file where it lies. */
export interface PlacedFile {
  /** Its own name, without the folder. */
  readonly name: string
  /** As a person would write its place; without passwords and signatures. */
  readonly shown: string
  readonly store: FileStore
  readonly key: string
  /** What finding it told of it; null where that told nothing. Its etag may be empty. */
  readonly info: ObjectInfo | null
  /** What comes over the network if all of it is read; 0 of what is here. */
  readonly remoteBytes: number
  /** Whether the time that the store tells of it is when it was uploaded; else it counts as of now. */
  readonly isUpload: boolean
}

export interface Folder {
  /** As a person would write its place. */
  readonly shown: string
  /** The names of the folders that it is in, outermost first, and its own. */
  readonly path: readonly string[]
  /** The files below it, hidden ones left out, sorted. */
  all(): Promise<string[]>
  /** The files right in it whose names start with one of these. */
  startingWith(starts: readonly string[]): Promise<string[]>
  /** Null where there is none; a name may be a path below the folder. */
  file(name: string): Promise<PlacedFile | null>
  /** The folder that it is in; null where nothing is known of it. */
  readonly parent: Folder | null
}

/** What was named: a folder, or a file in one. */
export interface Found {
  readonly folder: Folder
  /** Null where the folder itself was named. */
  readonly file: PlacedFile | null
}

const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i
const STDIN = '-'

export type PlaceKind = 'path' | 's3' | 'http' | 'stdin'

/** Where others keep data, and how that is reached. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'gs:':
    "Google's storage answers as S3 does: give s3://bucket/key, with AWS_ENDPOINT_URL=https://storage.googleapis.com and an HMAC key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  'hf:':
    'Give the https address of the file: https://huggingface.co/datasets/NAME/resolve/main/FILE.',
  'file:': 'Give the path alone.',
}

/** @throws UsageError for an address of a kind that isn't read */
export function placeKind(text: string): PlaceKind {
  if (text === STDIN) return 'stdin'
  if (/^s3:/i.test(text)) return 's3'
  if (!ADDRESS.test(text)) return 'path'
  const url = URL.canParse(text) ? new URL(text) : null
  const scheme = url?.protocol ?? `${text.split(':')[0]!.toLowerCase()}:`
  if (url !== null && isHttpAllowed(url)) return 'http'
  if (scheme === 'https:') {
    throw new UsageError('wrong-usage', `${shownAddress(text)} is no address`, {
      hint: 'It is such as https://example.com/embeddings.parquet.',
    })
  }
  if (scheme === 'http:') {
    throw new UsageError(
      'wrong-usage',
      `${shownAddress(text)} would come over a connection that anybody on its way can read and change`,
      { hint: 'Give its https address. http:// is for this machine alone: 127.0.0.1, localhost.' },
    )
  }
  throw new UsageError('wrong-usage', `${shownAddress(text)} is of no kind that is read`, {
    hint:
      ELSEWHERE[scheme] ??
      'Give a path, s3://bucket/key, an https address, or - for standard input.',
  })
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Over TLS, or not beyond this machine. */
export function isHttpAllowed({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}

/** An address without what may be secret in it: who asks, the query with its signature, the fragment. */
export function shownAddress(text: string): string {
  if (!ADDRESS.test(text)) return text
  const [, start = '', rest = ''] = /^([^:]+:\/\/)([^?#]*)/.exec(text) ?? []
  const slash = rest.indexOf('/')
  const host = slash === -1 ? rest : rest.slice(0, slash)
  const path = slash === -1 ? '' : rest.slice(slash)
  return `${start}${host.slice(host.lastIndexOf('@') + 1)}${path}`
}
