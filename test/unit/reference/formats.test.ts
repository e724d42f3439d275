/** `docs/uploads.md` says of each format what the list says; `npm run docs` writes that part of it. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readFormats, unreadFormats } from '../../../lib/reference/formats.ts'

const PAGE = '../../../docs/uploads.md'
const page = readFileSync(new URL(PAGE, import.meta.url), 'utf8')

it('docs/uploads.md has the formats that are read, and those that aren’t', async () => {
  const tables = { 'read formats': readFormats(), formats: unreadFormats() }
  let now = page
  for (const [name, table] of Object.entries(tables)) {
    const parts = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`)
    expect(page).toMatch(parts)
    now = now.replace(parts, (_, before, after) => `${before}${table}\n${after}`)
  }
  await expect(now).toMatchFileSnapshot(PAGE)
})
