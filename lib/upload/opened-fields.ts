/** What the files of an upload hold, as far as opening them tells, where it can't be evaluated. */

import { InputError, type Issue } from '../core/errors.ts'
import { formatRecord } from '../core/format-of.ts'
import type { SeenFile } from '../core/seen.ts'
import type { Contents } from '../formats/contents.ts'
import { MAX_INFLATED_BYTES } from '../formats/format.ts'
import { openFile } from '../formats/registry.ts'
import type { Upload } from './content.ts'
import { usableMemory } from './memory-limit.ts'
import { manifestOf } from './settings.ts'

/** Bytes of a file whose rows are counted, where only reading tells them. */
const COUNTED_BYTES = 8 * 2 ** 20

/**
 * What the files hold, where nothing could be chosen of them.
 *
 * @param issues why; a file that was found too long to be taken apart isn't opened again
 */
export async function openedFields(
  upload: Upload,
  issues: readonly Issue[],
): Promise<readonly SeenFile[]> {
  const { parts } = upload
  if (parts === null) return []
  const seen: SeenFile[] = []
  for (const part of ['vectors', 'gallery', 'labels', 'metadata'] as const) {
    const file = upload.sources.get(parts[part] ?? '')
    if (file === undefined || isTooLong(file.name, issues)) continue
    try {
      const { columns } = manifestOf(upload)
      const { format, contents } = await openFile(file, {
        part: part === 'gallery' ? 'vectors' : part,
        columns,
        maxInflatedByteLength: Math.min(MAX_INFLATED_BYTES, Math.floor(usableMemory() / 2)),
      })
      seen.push({
        source: file.name,
        format: formatRecord(format).title,
        rows: await rowsOf(contents, file.byteLength),
        fields: contents.fields.map(({ name, type, shape, examples, problem }) => ({
          name,
          type,
          shape,
          examples,
          use: 'left out',
          why: problem?.message ?? null,
        })),
      })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
  }
  return seen
}

function isTooLong(name: string, issues: readonly Issue[]): boolean {
  return issues.some(({ code, where }) => code === 'csv-line-too-long' && where.includes(name))
}

/** 0 where they can't be told. */
async function rowsOf(contents: Contents, byteLength: number): Promise<number> {
  const rows = contents.fields[0]?.shape[0] ?? null
  if (rows !== null || byteLength > COUNTED_BYTES) return rows ?? 0
  try {
    return (await contents.read({ matrices: [], columns: [] })).rows ?? 0
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return 0
  }
}

/** A file that is damaged, or too large, isn't opened a second time to say so. */
const UNREADABLE =
  /-(?:damaged|too-large|ambiguous)$|^(?:unknown-format|too-large|csv-line-too-long)$/

/** The same for an error page, which tells nothing where anything is kept back. */
export async function toldFields(
  upload: Upload,
  issues: readonly Issue[],
): Promise<readonly SeenFile[]> {
  if (issues.some(({ code }) => UNREADABLE.test(code) || code.startsWith('manifest-'))) return []
  const { columns, ids } = manifestOf(upload).privacy
  const isOpen = ids !== 'hashed' && Object.values(columns).every((rule) => rule === 'keep')
  return isOpen && upload.pseudonyms === null ? openedFields(upload, issues) : []
}
