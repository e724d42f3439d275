/** What an upload holds: its files as they arrived. */

import type { Issue } from '../core/errors.ts'
import type { FileSource } from '../core/file-source.ts'
import type { Pseudonyms } from '../core/pseudonyms.ts'
import type { InputFile } from '../core/table.ts'
import type { UploadParts } from '../dataset/upload-parts.ts'

/** Files as they arrived; nothing is read yet. */
export interface Upload {
  readonly project: string
  readonly run: string
  readonly parts: UploadParts | null
  /** What is wrong with the set of files. */
  readonly issues: readonly Issue[]
  /** With hashed ids the hashes of files are keyed too: by a plain one a list of ids could be tried out. */
  readonly files: readonly {
    readonly name: string
    readonly byteLength: number
    readonly sha256: string
    /** Of a file of which only parts were read the hash is that of its etag and size. */
    readonly sha256Of?: 'etag'
  }[]
  /** By name: what plays a part, but for the settings; a large file of some formats is read in parts. */
  readonly sources: ReadonlyMap<string, FileSource>
  /** The last file's time, ISO 8601. */
  readonly createdAt: string
  /** The same files (and overrides) give the same. */
  readonly contentId: string
  /** What it was before ids were hashed with a key; left out where it is that still. */
  readonly plainContentId?: string
  /** Null where its settings hash nothing. */
  readonly pseudonyms: Pseudonyms | null
  /** The run's own file of settings; null without one. */
  readonly runSettings: InputFile | null
  /** The project's own file of settings, named by its key; null without one. */
  readonly settings: InputFile | null
  /** The same as it is now, where another one was planned by: what it forbids holds too. */
  readonly laterSettings?: InputFile | null
  /** What is missing still, in words; null where it is complete. */
  readonly waitsFor: string | null
  /** Another one as soon as a file or the project's settings change. */
  readonly state: string
}
