/** The page of the manifest says what the code does; `npm run docs` writes it there. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { manifestPage } from '../../../lib/reference/manifest.ts'

const page = readFileSync(new URL('../../../docs/manifest.md', import.meta.url), 'utf8')

it('docs/manifest.md has the defaults and kinds of the code', async () => {
  await expect(manifestPage(page)).toMatchFileSnapshot('../../../docs/manifest.md')
})

it('gets them back where they were changed', () => {
  const current = manifestPage(page)
  const stale = current
    .replace('| `20` |', '| `21` |')
    .replace('hit_at_10: 0.8', 'hit_at_10: 0.9')
    .replace(/^The kinds are .*$/m, 'The kinds are none.')
  expect(stale).not.toBe(current)
  expect(manifestPage(stale)).toBe(current)
  expect(() => manifestPage(page.replace('| `k` |', '| `kk` |'))).toThrow('has no place like')
})
