/** The page of the rows' columns is what their list gives; `npm run docs` writes it. */

import { expect, it } from 'vitest'
import { rowsPage } from '../../../lib/reference/rows.ts'

it('docs/rows.md is what the list of columns gives', async () => {
  await expect(rowsPage()).toMatchFileSnapshot('../../../docs/rows.md')
})
