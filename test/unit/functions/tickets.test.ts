/** Tickets that the API links: kept in the site, shown on the pages, taken away again. */

import { expect, test } from 'vitest'
import { createApi } from '../../../functions/api.ts'
import { localPresign } from '../../../functions/api-uploads.ts'
import { comparisonMarkdown } from '../../../functions/commands/comparison-markdown.ts'
import { siteUrlFrom } from '../../../functions/context.ts'
import { itemSlug } from '../../../lib/core/names.ts'
import { encodeRows } from '../../../lib/publish/rows-parquet.ts'
import { buildRun, seededPoints } from '../reports/fixture.ts'
import { withPlanning } from '../reports/fixture-planning.ts'
import { memoryContext } from './memory-context.ts'

const run = withPlanning(buildRun(seededPoints(200, 6, 0.9)))
const { report, rows, index, metadata } = run
const [item] = report.items

async function site() {
  const { context } = memoryContext()
  const home = `animals/runs/${report.run}`
  const record = {
    schema: 'nearmiss.run/1',
    project: 'animals',
    run: report.run,
    status: 'published',
    createdAt: report.createdAt,
    contentId: report.input.contentId,
  }
  await context.site.put(`${home}/report.json`, JSON.stringify(report))
  await context.site.put(`${home}/rows.parquet`, encodeRows(rows, metadata))
  await context.site.put(`${home}/run.json`, JSON.stringify(record))
  await context.site.put('animals/index.json', JSON.stringify(index))
  const api = createApi({ context, presign: localPresign })
  const ask = (method: string, id: string, body?: unknown) =>
    api.request(`/api/projects/animals/items/${encodeURIComponent(id)}/ticket`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const text = async (key: string) =>
    new TextDecoder().decode((await context.site.get(key))?.body ?? new Uint8Array())
  const put = (key: string, body: string) => context.site.put(key, body)
  return { ask, text, put }
}

const URL_77 = 'https://github.com/example/project/issues/77'

test('a ticket is shown on the item’s page and the sprint page, and can be taken away', async () => {
  const { ask, text } = await site()
  const linked = await ask('PUT', item!.id, { url: URL_77 })
  expect(linked.status).toBe(200)
  const page = `animals/items/${itemSlug(item!.id)}/`
  expect(await linked.json()).toEqual({ id: item!.id, ticket: URL_77, page })
  expect(await text(`${page}index.html`)).toContain(`href="${URL_77}">Ticket #77</a>`)
  expect(await text(`${page}index.html`)).toContain(`<bdi>${item!.evidence[0]}</bdi>`)
  expect(await text('animals/sprint/index.html')).toContain(URL_77)
  expect(await text('animals/sprint/sprint.csv')).not.toContain(`${item!.id},`)

  expect((await ask('DELETE', itemSlug(item!.id))).status).toBe(200)
  expect(await text(`${page}index.html`)).not.toContain(URL_77)
  expect(JSON.parse(await text('animals/tickets.json')).tickets).toEqual({})
})

test.each([
  ['no address', { url: 'ticket 7' }, 400],
  ['a script', { url: 'javascript:alert(1)' }, 400],
  ['nothing', undefined, 400],
])('%s is refused', async (_, body, status) => {
  const { ask, text } = await site()
  expect((await ask('PUT', item!.id, body)).status).toBe(status)
  expect(await text('animals/tickets.json')).toBe('')
})

test('an item that was never raised has no ticket', async () => {
  const { ask } = await site()
  expect((await ask('PUT', 'confusion:x|y', { url: URL_77 })).status).toBe(404)
})

test('a comparison in Markdown says the outcome, the figures and what to fix, labels as text', () => {
  const named = { ...item!, title: 'Tell *a* | b apart' }
  const after = { ...report, items: [named, ...report.items.slice(1)] }
  const pairing = {
    matchedRows: 1000,
    fixed: ['a', 'b'],
    broken: ['c'],
    p: 0.5,
    verdict: 'better' as const,
  }
  const text = comparisonMarkdown({ before: report, after, pairing, notes: [] })
  expect(text).toContain('**Better**: 2 rows fixed, 1 broken of 1,000 in both')
  expect(text).toContain('| Nearest-neighbour accuracy | ')
  expect(text).toContain('Tell \\*a\\* \\| b apart')
  const none = comparisonMarkdown({ before: report, after, pairing: null, notes: ['Other rows.'] })
  expect(none).toContain('No row can be compared. Other rows.')
})

test('the site’s address is an http address of a folder, or a wrong usage', () => {
  expect(siteUrlFrom({ SITE_URL: 'https://x.example.org/a?b#c' })).toEqual({
    siteUrl: 'https://x.example.org/a/',
  })
  expect(siteUrlFrom({ SITE_URL: '' })).toEqual({})
  expect(() => siteUrlFrom({ SITE_URL: 'x.example.org' })).toThrow(/no http or https one/)
})

test.each([
  'https://example.org/%ff',
  'https://example.org/caf%E9',
  'https://example.org/100%',
  'https://example.org/a\u0007b',
  'https://example.org/a b',
])('the address %j is refused, and says why', async (url) => {
  const { ask, text } = await site()
  const answer = await ask('PUT', item!.id, { url })
  expect(answer.status).toBe(400)
  expect((await answer.json()).error.message).toMatch(/escape that is no UTF-8|control character/)
  expect(await text('animals/tickets.json')).toBe('')
})

test('addresses that were stored before are shown as they stand, and only web addresses are links', async () => {
  const { ask, text, put } = await site()
  const other = report.items[1]!.id
  /** The sprint page once a ticket of another item was linked, which writes it anew. */
  const shown = async (url: string) => {
    const tickets = { [item!.id]: { url, linkedAt: '2026-01-01T00:00:00Z' } }
    const stored = { schema: 'nearmiss.tickets/1', project: 'animals', tickets }
    await put('animals/tickets.json', JSON.stringify(stored))
    expect((await ask('PUT', other, { url: URL_77 })).status).toBe(200)
    return text('animals/sprint/index.html')
  }
  expect(await shown('https://example.org/caf%E9')).toContain('Ticket caf%E9<')
  expect(await shown('javascript:alert(1)')).toContain('>Ticket javascript:alert(1)<')
  expect(await shown('javascript:alert(1)')).not.toContain('href="javascript:')
})
