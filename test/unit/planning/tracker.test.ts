/** Links for new tickets: the trackers' own parameters, decoded to what was meant, never too long. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TrackerKind } from '../../../lib/core/manifest.ts'
import { escapeMarkdown, newTicketUrl, type Ticket } from '../../../lib/planning/tracker.ts'

const ticket: Ticket = {
  title: 'Tell 1 & 8 apart',
  parts: [
    ['Seen', '13 rows of 1 and 8; 50% = "bad"'],
    ['Do', 'Look.'],
  ],
  back: 'https://reports.example.org/digits/items/confusion-1-8-0a1b2c3d/',
}

const TRACKERS = [
  ['github', 'https://github.com/o/p', 'https://github.com/o/p/issues/new', 'title', 'body'],
  ['github', 'https://github.com/o/p.git', 'https://github.com/o/p/issues/new', 'title', 'body'],
  [
    'github',
    'https://git.example.org/o/p/issues/',
    'https://git.example.org/o/p/issues/new',
    'title',
    'body',
  ],
  [
    'gitlab',
    'https://gitlab.com/g/s/p',
    'https://gitlab.com/g/s/p/-/issues/new',
    'issue[title]',
    'issue[description]',
  ],
  [
    'gitlab',
    'https://gitlab.com/g/p/-/issues/new',
    'https://gitlab.com/g/p/-/issues/new',
    'issue[title]',
    'issue[description]',
  ],
  [
    'jira',
    'https://x.example.org/?pid=10000&issuetype=10001',
    'https://x.example.org/secure/CreateIssueDetails!init.jspa',
    'summary',
    'description',
  ],
  [
    'jira',
    'https://x.example.org/jira/browse/ABC',
    'https://x.example.org/jira/secure/CreateIssue!default.jspa',
    'summary',
    'description',
  ],
  [
    'jira',
    'https://x.atlassian.net/jira/software/projects/ABC/boards/1',
    'https://x.atlassian.net/secure/CreateIssue!default.jspa',
    'summary',
    'description',
  ],
  [
    'linear',
    'https://linear.app/acme/team/ENG/active',
    'https://linear.app/team/ENG/new',
    'title',
    'description',
  ],
  ['linear', 'https://linear.app/acme', 'https://linear.app/new', 'title', 'description'],
  ['linear', 'https://linear.new', 'https://linear.new/', 'title', 'description'],
  [
    'azure',
    'https://dev.azure.com/o/p',
    'https://dev.azure.com/o/p/_workitems/create/Task',
    '[System.Title]',
    '[System.Description]',
  ],
  [
    'azure',
    'https://dev.azure.com/o/p/_workitems/create/User%20Story',
    'https://dev.azure.com/o/p/_workitems/create/User%20Story',
    '[System.Title]',
    '[System.Description]',
  ],
] as const

describe.each(TRACKERS)('%s at %s', (kind, url, form, title, text) => {
  test('opens its form with title and text', () => {
    const made = new URL(newTicketUrl({ kind, url }, ticket))
    expect(`${made.origin}${made.pathname}`).toBe(form)
    expect(made.searchParams.get(title)).toBe(ticket.title)
    const body = made.searchParams.get(text)!
    expect(body).toContain('13 rows of 1 and 8; 50% = "bad"')
    expect(body).toContain(ticket.back)
  })
})

test('what the manifest’s address asks for is kept', () => {
  const url = 'https://github.com/o/p/issues/new?labels=data&template=nearmiss.md#x'
  const made = new URL(newTicketUrl({ kind: 'github', url }, ticket))
  expect(made.searchParams.get('labels')).toBe('data')
  expect(made.searchParams.get('template')).toBe('nearmiss.md')
  expect(made.hash).toBe('')
})

const MOST: Record<TrackerKind, number> = {
  github: 8192,
  gitlab: 8192,
  jira: 8192,
  linear: 8192,
  azure: 2000,
}

test('no text makes an address that the tracker refuses, and the way back stays whole', () => {
  const text = fc.string({ unit: 'binary', maxLength: 4000 })
  const urls = Object.fromEntries(TRACKERS.map(([kind, url]) => [kind, url]))
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(MOST) as TrackerKind[])),
      text,
      text,
      (kind, one, two) => {
        const long: Ticket = {
          ...ticket,
          title: one.slice(0, 900),
          parts: [
            ['Seen', one.repeat(4)],
            ['Do', two.repeat(3)],
          ],
        }
        const made = newTicketUrl({ kind, url: urls[kind]! }, long)
        expect(made.length).toBeLessThanOrEqual(MOST[kind])
        expect(decodeURIComponent(made)).toContain(ticket.back)
      },
    ),
    { numRuns: 60 },
  )
})

test('a long text is cut where the address is full, and says so', () => {
  const long: Ticket = {
    ...ticket,
    parts: [
      ['Seen', 'é'.repeat(9000)],
      ['Do', 'Look.'],
    ],
  }
  const made = newTicketUrl({ kind: 'github', url: 'https://github.com/o/p' }, long)
  const body = new URL(made).searchParams.get('body')!
  expect(made.length).toBeGreaterThan(7000)
  expect(body).toContain('shortened')
  expect(body).not.toContain('Look.')
  expect(body.endsWith(ticket.back)).toBe(true)
})

test.each(TRACKERS.map(([kind, url]) => [kind, url] as const))(
  'where the site’s address isn’t known yet, %s at %s keeps room for it',
  (kind, url) => {
    const back = 'digits/items/confusion-1-8-0a1b2c3d/'
    const long: Ticket = { ...ticket, parts: [['Seen', 'é'.repeat(9000)]], back }
    const made = newTicketUrl({ kind, url }, long)
    const home = encodeURIComponent('https://reports.example.org/nearmiss/of-the-vision-team/')
    expect(made.split(encodeURIComponent(back))).toHaveLength(2)
    expect(made.length + home.length).toBeLessThanOrEqual(MOST[kind])
  },
)

test('half of a surrogate pair is no reason to fail', () => {
  expect(() =>
    newTicketUrl(
      { kind: 'github', url: 'https://github.com/o/p' },
      { ...ticket, title: 'a\ud83d' },
    ),
  ).not.toThrow()
})

test('a label makes no markup and mentions nobody', () => {
  expect(escapeMarkdown('*x* <img> @team #12 [a](b)')).toBe(
    '\\*x\\* \\<img\\> @\u200bteam \\#\u200b12 \\[a\\](b)',
  )
  const named: Ticket = { ...ticket, parts: [['Seen', '<b>{code}*']] }
  const text = (kind: TrackerKind, url: string, key: string) =>
    new URL(newTicketUrl({ kind, url }, named)).searchParams.get(key)
  expect(text('azure', 'https://dev.azure.com/o/p', '[System.Description]')).toContain('&lt;b&gt;')
  expect(text('jira', 'https://x.example.org', 'description')).toContain('\\{code\\}\\*')
})
