/**
 * Every code of an issue or a warning about an input: how much it matters, what it means, what to do.
 * A code that isn't here doesn't compile. To add one: a line in its family, and a test that provokes it.
 */

import { CHOICE_CODES } from './issue-codes/choice-codes.ts'
import type { CodeRecord, Severity } from './issue-codes/code.ts'
import { DATASET_CODES } from './issue-codes/dataset-codes.ts'
import { FORMAT_CODES } from './issue-codes/format-codes.ts'
import { RUN_CODES } from './issue-codes/run-codes.ts'
import { SETTING_CODES } from './issue-codes/setting-codes.ts'
import { UPLOAD_CODES } from './issue-codes/upload-codes.ts'

export const ISSUE_CODE_FAMILIES = [
  { title: 'Files and places', codes: UPLOAD_CODES },
  { title: 'Reading a file', codes: FORMAT_CODES },
  { title: 'Choosing vectors and columns', codes: CHOICE_CODES },
  { title: 'Rows, labels and columns', codes: DATASET_CODES },
  { title: 'Settings', codes: SETTING_CODES },
  { title: 'The evaluation', codes: RUN_CODES },
] as const

const CODES = {
  ...UPLOAD_CODES,
  ...FORMAT_CODES,
  ...CHOICE_CODES,
  ...DATASET_CODES,
  ...SETTING_CODES,
  ...RUN_CODES,
} as const satisfies Readonly<Record<string, CodeRecord>>

export type IssueCode = keyof typeof CODES

export const ISSUE_CODES: Readonly<Record<IssueCode, CodeRecord>> = CODES

/** A report of another version may have a code that this one doesn't know: it counts as a warning. */
export function severityOf(code: string): Severity {
  return Object.hasOwn(ISSUE_CODES, code) ? ISSUE_CODES[code as IssueCode].severity : 'warning'
}

/** What to do about a code, where its message doesn't say it and there is something to do. */
export function adviceBeside(code: string): string | null {
  if (!Object.hasOwn(ISSUE_CODES, code)) return null
  const { severity, remedy, isInMessage } = ISSUE_CODES[code as IssueCode]
  return severity === 'note' || isInMessage ? null : remedy
}
