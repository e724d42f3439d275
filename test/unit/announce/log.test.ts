/** What the log says of each ending. */

import { expect, it } from 'vitest'
import { announceToLog } from '../../../lib/announce/log.ts'
import type { Ending } from '../../../lib/core/ending.ts'
import type { Issue } from '../../../lib/core/errors.ts'
import type { Report } from '../../../lib/core/report.ts'

const of = { tenant: null, project: 'p', upload: 'v1', elapsedMs: 7 }
const fields = { project: 'p', run: 'v1', elapsedMs: 7 }
const report = {} as Report
const issue: Issue = {
  code: 'zip-damaged',
  message: 'it ends early',
  where: 'a.npz',
  hint: 'again',
}

it.each<[Ending, readonly unknown[]]>([
  [
    { ...of, status: 'published', run: 'v1-0a1b', report, alreadyPublished: false },
    ['info', 'published', { ...fields, publishedAs: 'v1-0a1b' }],
  ],
  [
    { ...of, status: 'published', run: 'v1', report, alreadyPublished: true },
    ['info', 'already published', { ...fields, publishedAs: 'v1' }],
  ],
  [
    { ...of, status: 'failed', run: 'v1', issues: [issue] },
    [
      'warn',
      'the upload cannot be evaluated; its page says why',
      { ...fields, publishedAs: 'v1', code: 'zip-damaged', reason: 'it ends early' },
    ],
  ],
  [{ ...of, status: 'waiting', missing: 'labels' }, ['info', 'waiting for labels', fields]],
  [{ ...of, status: 'handed-over', why: 'too large' }, ['info', 'too large', fields]],
])('%o', async (ending, expected) => {
  const lines: unknown[] = []
  const at = (level: string) => (message: string, more?: object) =>
    void lines.push([level, message, more])
  await announceToLog(ending, { info: at('info'), warn: at('warn'), error: at('error') })
  expect(lines).toEqual([expected])
})
