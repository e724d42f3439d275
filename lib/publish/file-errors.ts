/** What the file system's errors mean for a store. */

import { type NearmissError, StoreError, StoreRefusedError, UsageError } from '../core/errors.ts'

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** Whether the error says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  // A part of the path is a file, or the whole is a folder, or no file can have such a long name.
  return hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG')
}

/** The store's error for a failed file operation; `action` as in "write". */
export function fileError(error: unknown, action: string, path: string): NearmissError {
  const cause = error instanceof Error ? error : new Error(String(error))
  const details = { cause }
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new StoreRefusedError('access-denied', `may not ${action} ${path}: ${cause.message}`, {
      ...details,
      hint: 'Give the user who runs this the right to it, or choose another folder.',
    })
  }
  if (hasCode(error, 'EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'ENAMETOOLONG')) {
    return new UsageError('invalid-key', `can't ${action} ${path}: ${cause.message}`, {
      ...details,
      hint: 'In a directory a name is a file or a folder, never both, and has 255 bytes at most.',
    })
  }
  return new StoreError('store-failed', `could not ${action} ${path}: ${cause.message}`, details)
}
