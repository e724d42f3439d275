/** A warning as it leaves the evaluation: with how much it matters and what to do, as the list of codes says. */

import { withShortMessage } from './errors.ts'
import { ISSUE_CODES } from './issue-codes.ts'
import type { PublishedWarning, Warning } from './warning.ts'

export function publishedWarning(warning: Warning): PublishedWarning {
  const { severity, remedy } = ISSUE_CODES[warning.code]
  return {
    hint: remedy,
    ...withShortMessage(warning),
    // What stops an upload elsewhere doesn't stop this one.
    severity: severity === 'error' ? 'warning' : severity,
  }
}
