/** How the files of an upload are read, without evaluating anything: for doctor, and for the page that asks before it starts. */

import { InputError, type Issue } from '../lib/core/errors.ts'
import { severityOf } from '../lib/core/issue-codes.ts'
import type { SeenFile } from '../lib/core/seen.ts'
import { sizeOf } from '../lib/run/read.ts'
import type { Upload } from '../lib/upload/content.ts'
import { checkMemory, memoryEstimate, usableMemory } from '../lib/upload/memory-limit.ts'
import { openedFields } from '../lib/upload/opened-fields.ts'
import { type ReadUpload, readUpload } from '../lib/upload/rows.ts'

export interface UploadReading {
  /** Null where it can't be evaluated. */
  readonly read: ReadUpload | null
  readonly seen: readonly SeenFile[]
  /** Bytes that an evaluation takes; null where there can be none. */
  readonly memory: number | null
  /** Seconds that one takes on two cores, roughly. */
  readonly seconds: number | null
  readonly error: InputError | null
}

/** Seconds of an evaluation on two cores, measured: at the least, for each row of a map, for each product. */
const SECONDS = { least: 3, mapRow: 6e-4, product: 2.7e-11 }

export async function readingOf(upload: Upload): Promise<UploadReading> {
  try {
    const read = await readUpload(upload, {})
    if (read === null) throw new InputError(noLabels(upload.parts?.vectors ?? 'input'))
    const size = sizeOf(read)
    checkMemory(size, usableMemory(), upload.parts?.vectors ?? '')
    const { rows, dimensions, mapRows } = size
    return {
      read,
      seen: read.dataset.seen ?? [],
      memory: memoryEstimate(size),
      seconds: Math.ceil(
        SECONDS.least + SECONDS.mapRow * mapRows + SECONDS.product * rows * rows * dimensions,
      ),
      error: null,
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    // What can be seen helps to follow the message.
    const seen = await openedFields(upload, error.issues)
    return { read: null, seen, memory: null, seconds: null, error }
  }
}

/** What a person should look at before it is evaluated: choices that a usual name didn't make, and warnings that matter. */
export function doubtsOf({ read, seen }: UploadReading): readonly string[] {
  const warnings = (read?.dataset.warnings ?? []).filter(
    ({ code }) => severityOf(code) === 'warning' || code.endsWith('-chosen'),
  )
  const isToldOf = warnings.some(({ code }) => code.endsWith('-chosen'))
  const chosen = seen.flatMap(({ source, fields }) =>
    fields.flatMap(({ name, use, why }) =>
      why === null || isToldOf || !['vectors', 'gallery', 'label', 'id'].includes(use)
        ? []
        : [`${name} of ${source} is taken as the ${use}: ${why}`],
    ),
  )
  return [...chosen, ...warnings.map(({ message }) => message)]
}

function noLabels(where: string): Issue {
  return {
    code: 'incomplete-upload',
    message: 'No labels were found, neither in the file nor beside it.',
    where,
    hint: 'Labels go into the file (a column or array named labels), beside it as labels.csv, or with --labels FILE.',
  }
}
