/** The examples in docs/manifest.md are manifests, and say what the page says. */

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'

const page = await readFile(new URL('../../../docs/manifest.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!)

test('the page has examples', () => expect(examples.length).toBeGreaterThan(4))

test.each(examples)('%s', (example) => {
  expect(() => parseManifest(example, 'nearmiss.yaml')).not.toThrow()
})

test('the gates that the page calls usual are the default ones', () => {
  const usual = parseManifest(page.split('usual service levels')[1]!.split('```')[1]!.slice(5), 'x')
  expect(usual.gates).toEqual(parseManifest(null, 'x').gates)
})
