/** How large the files of an upload may be: what is read as a whole takes its size in memory. */

import { MAX_MANIFEST_BYTES } from '../config/manifest.ts'
import type { Issue } from '../core/errors.ts'
import { countOf } from '../core/words.ts'
import { MAX_FILE_BYTES } from '../formats/format.ts'
import { usableMemory } from './memory-limit.ts'

interface SizedFile {
  readonly name: string
  readonly byteLength: number
}

/**
 * Why the files can't be fetched; empty where they can.
 *
 * @param whole those that are read as a whole
 * @param manifest which of them are the settings
 */
export function sizeIssues(whole: readonly SizedFile[], manifest: string | null): readonly Issue[] {
  const limitOf = (name: string) => (name === manifest ? MAX_MANIFEST_BYTES : MAX_FILE_BYTES)
  const issues = whole
    .filter(({ name, byteLength }) => byteLength > limitOf(name))
    .map(({ name, byteLength }) => fileTooLarge(name, byteLength, limitOf(name)))
  const total = whole.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const limit = Math.floor(usableMemory())
  if (issues.length > 0 || total <= limit) return issues
  return [
    {
      code: 'upload-too-large',
      message: `The upload's ${countOf(whole.length, 'file')} ${whole.length === 1 ? 'has' : 'have'} ${total} bytes, and ${limit} bytes of memory may be used here.`,
      where: 'upload',
      hint: 'Put pictures of single rows into a folder of the upload, where they are read one by one; else evaluate a sample of the rows, or give the machine or function more memory.',
    },
  ]
}

export function fileTooLarge(name: string, byteLength: number, limit = MAX_FILE_BYTES): Issue {
  return {
    code: 'file-too-large',
    message: `The file has ${byteLength} bytes; at most ${limit} are read.`,
    where: name,
    hint: 'Save the vectors as Parquet, of which only what is needed is read, or as float16 (embeddings.astype("float16")); or evaluate a sample of the rows.',
  }
}
