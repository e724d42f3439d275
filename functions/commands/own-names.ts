/** Files by their own names: the reader knows `big.npz`, not the `embeddings.npz` that it is called in an upload. */

import { InputError, type Issue } from '../../lib/core/errors.ts'
import type { Report } from '../../lib/core/report.ts'
import type { FoundUpload } from './input.ts'

export function inOwnNames(text: string, { files }: Pick<FoundUpload, 'files'>): string {
  return files.reduce(
    (message, { name, file }) =>
      file.name === name ? message : message.replaceAll(name, file.name),
    text,
  )
}

export function issueInOwnNames(issue: Issue, upload: Pick<FoundUpload, 'files'>): Issue {
  return {
    ...issue,
    message: inOwnNames(issue.message, upload),
    where: inOwnNames(issue.where, upload),
    hint: inOwnNames(issue.hint, upload),
  }
}

export function errorInOwnNames(error: InputError, upload: Pick<FoundUpload, 'files'>): InputError {
  const [first, ...others] = error.issues.map((issue) => issueInOwnNames(issue, upload))
  return new InputError(first!, others)
}

export function warningsInOwnNames(report: Report, upload: Pick<FoundUpload, 'files'>): Report {
  const warnings = report.input.warnings.map((warning) => ({
    ...warning,
    message: inOwnNames(warning.message, upload),
    ...(warning.where !== undefined && { where: inOwnNames(warning.where, upload) }),
  }))
  return { ...report, input: { ...report.input, warnings } }
}
