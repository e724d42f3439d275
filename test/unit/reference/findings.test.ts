/** The page of the kinds of findings; `npm run docs` writes it. */

import { expect, it } from 'vitest'
import { FINDING_KINDS } from '../../../lib/core/finding-kind.ts'
import { rules } from '../../../lib/findings/registry.ts'
import { findingsPage } from '../../../lib/reference/findings.ts'

it('docs/findings.md is what the rules give', async () => {
  await expect(findingsPage(rules)).toMatchFileSnapshot('../../../docs/findings.md')
})

it('has a chapter for each kind, with who acts on it and how two runs are compared', () => {
  const chapters = findingsPage(rules).split('\n## ').slice(1)
  expect(chapters.map((text) => text.slice(0, text.indexOf('\n')))).toEqual([...FINDING_KINDS])
  for (const text of chapters) {
    for (const part of ['Signal', 'Means', 'Action', 'Owner', 'Done when', 'Between runs']) {
      expect(text).toMatch(new RegExp(`\\*\\*${part}\\*\\*: [A-Z].*\\.\\n`))
    }
    expect(text).toMatch(/\| (≥|>|≤|<) -?[\d.]+ \|/)
  }
})
