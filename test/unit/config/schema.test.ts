/** The published JSON Schema is the one that the code checks with; `npx vitest run -u` writes it. */

import { expect, test } from 'vitest'
import { manifestJsonSchema } from '../../../lib/config/schema.ts'

test('docs/schema/nearmiss-yaml.schema.json is current', async () => {
  // Lists of plain values on one line, as the formatter has them.
  const text = JSON.stringify(manifestJsonSchema(), null, 2).replace(
    /\[\s+([^[\]{}]*?)\s+\]/g,
    (_, items: string) => `[${items.split(/\s*\n\s*/).join(' ')}]`,
  )
  await expect(`${text}\n`).toMatchFileSnapshot('../../../docs/schema/nearmiss-yaml.schema.json')
})
