/** The published JSON Schema is the one that the code checks with; `npm run docs` writes it. */

import { expect, test } from 'vitest'
import { manifestJsonSchema } from '../../../lib/config/schema.ts'
import { schemaText } from '../../schema-text.ts'

test('docs/schema/nearmiss-yaml.schema.json is current', async () => {
  await expect(schemaText(manifestJsonSchema())).toMatchFileSnapshot(
    '../../../docs/schema/nearmiss-yaml.schema.json',
  )
})
