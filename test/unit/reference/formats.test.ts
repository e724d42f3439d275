/** `docs/uploads.md` says of each format what the list says; `npm run docs` writes that part of it. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { READ_EXTENSIONS } from '../../../lib/core/format-of.ts'
import { unreadFormats } from '../../../lib/reference/formats.ts'

const PAGE = '../../../docs/uploads.md'
const page = readFileSync(new URL(PAGE, import.meta.url), 'utf8')

it('docs/uploads.md has the formats that aren’t read', async () => {
  const parts = /(<!-- formats -->\n)[\s\S]*?(<!-- \/formats -->)/
  expect(page).toMatch(parts)
  const now = page.replace(parts, (_, before, after) => `${before}${unreadFormats()}\n${after}`)
  await expect(now).toMatchFileSnapshot(PAGE)
})

it('docs/uploads.md names those that are read for each part that can have them', () => {
  const [first, ...others] = READ_EXTENSIONS.map((extension) => `\`${extension}\``)
  const rest = others.length > 1 ? `${others.slice(0, -1).join(', ')} or ${others.at(-1)}` : others
  for (const part of ['embeddings', 'gallery', 'labels']) {
    expect(page).toContain(`| \`${part}${first!.slice(1, -1)}\`, ${rest} |`)
  }
})
