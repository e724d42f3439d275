/** What the README shows. */

import { readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)
const readme = readFileSync(new URL('README.md', root), 'utf8')
const pictures = [...readme.matchAll(/docs\/pictures\/[^\s")]+/g)].map(([path]) => path)

test('every picture that the README shows is there, and loads fast', () => {
  expect(pictures.length).toBeGreaterThan(0)
  for (const path of pictures) {
    expect(statSync(new URL(path, root)).size, path).toBeLessThan(400_000)
  }
})
