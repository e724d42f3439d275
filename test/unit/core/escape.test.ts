/** Text from outside where a character can be more than itself. Cases by hand, and properties. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeFailure } from '../../../functions/commands/failure.ts'
import { table } from '../../../functions/commands/figures.ts'
import { createTerminal } from '../../../functions/commands/terminal.ts'
import { jsonLog } from '../../../functions/function-log.ts'
import { InputError, type Issue } from '../../../lib/core/errors.ts'
import {
  csvCell,
  escapeMarkdown,
  escapeXml,
  logJson,
  logLine,
  logLines,
  markdownAddress,
  scriptJson,
  visible,
} from '../../../lib/core/escape.ts'
import { newTicketUrl } from '../../../lib/planning/tracker.ts'
import { xmlProblem } from '../../attack/markup.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary-ascii' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
)
/** Acted on by a terminal, or not seen: by code, as the standards list them. */
const acts = (code: number) =>
  code < 32 ||
  (code >= 127 && code < 160) ||
  (code >= 0x200b && code <= 0x200f && code !== 0x200d) ||
  (code >= 0x2028 && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x2069) ||
  (code >= 0xd800 && code <= 0xdfff) ||
  code === 0xfeff ||
  (code & 0xfffe) === 0xfffe
const hidden = (text: string) => [...text].filter((letter) => acts(letter.codePointAt(0)!))

test('a line shows every character of a text', () => {
  expect(visible('a\nb\r\t\u001b[31m\u0085\u202e\u2066\u200b\u2028\ufeff')).toBe(
    'a\\nb\\r\\t\\u001b[31m\\u0085\\u202e\\u2066\\u200b\\u2028\\ufeff',
  )
  const plain = 'Straße 苹果 תפוח 👩‍👩‍👧 ❤️ e\u0301 a|b `c` <d> --'
  expect(visible(plain)).toBe(plain)
  fc.assert(
    fc.property(anyText, (text) => {
      expect(hidden(logLine(text))).toEqual([])
    }),
  )
})

test.each([
  ['::error::x', '\\::error::x'],
  ['  ::set-output name=x::y', '  \\::set-output name=x::y'],
  ['a ##[error]x', 'a ##\\[error]x'],
  ['a ##vso[task.complete result=Failed]', 'a ##\\vso[task.complete result=Failed]'],
  ["##teamcity[message text='x']", "##\\teamcity[message text='x']"],
  ['section_start:1:x\r\u001b[0K', '\\section_start:1:x\\r\\u001b[0K'],
  ['a\n::error::x', 'a\\n::error::x'],
])('a build log takes no command from %j', (text, shown) => {
  expect(logLine(text)).toBe(shown)
  expect(logLines(`ours\n${text.split('\n').join('')}`)).toContain('ours\n')
})

test('JSON for a log means the same, and holds neither command nor character that acts', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constant('##vso[a]##[b]\n::x\u2028')), (text) => {
      const json = logJson(JSON.stringify({ [text]: text }))
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: text })))
      expect(hidden(json)).toEqual([])
      expect(json).not.toMatch(/##(vso)?\[/)
    }),
  )
})

test.each([
  ['@team', '@\u200bteam'],
  ['#12', '\\#\u200b12'],
  ['GH-12', 'GH-\u200b12'],
  ['https://x.example/', 'https:\u200b//x.example/'],
  ['www.x.example', 'www\u200b.x.example'],
  ['![a](b)', '\\!\\[a\\](b)'],
  ['<!-- a --><img src=x>', '\\<\\!-- a --\\>\\<img src=x\\>'],
  ['a|b `c` ~d~ &lt;', 'a\\|b \\`c\\` \\~d\\~ \\&lt;'],
  ['- a', '\\- a'],
  ['1. a', '1\\. a'],
  ['a\n# b', 'a\\\\n\\# b'],
])('Markdown says %j as text', (text, markdown) => {
  expect(escapeMarkdown(text)).toBe(markdown)
})

test('Markdown of any text is one line', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(escapeMarkdown(text)).not.toMatch(/[\n\r\u2028]/)
    }),
  )
  expect(markdownAddress('https://x.example/a>\n b<')).toBe('https://x.example/a%3E%0A%20b%3C')
})

test.each(['=1+1', '+1', '-1', '@a', '\t=1', '\r=1', '\u200b=1', '\ufeff+1', '＝1'])(
  'a spreadsheet takes %j as text',
  (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/)
  },
)

test('XML of any text is well-formed', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom(']]>', '--', '&#0;', '<!--')), (text) => {
      expect(xmlProblem(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`)).toBeNull()
    }),
  )
})

test('text becomes no markup, in an element or in an attribute', () => {
  expect(escapeXml('<a b="c">&')).toBe('&lt;a b=&quot;c&quot;&gt;&amp;')
})

const HOSTILE = 'x\n::error::y\u001b[2J ##vso[task.complete]'

test('errors, warnings, tables and logs tell hostile texts in lines of their own', () => {
  const issue: Issue = { code: 'not-found', message: HOSTILE, where: HOSTILE, hint: HOSTILE }
  const written: string[] = []
  const stream = { write: (text: string) => written.push(text), isTTY: false }
  const terminal = createTerminal({ stream, now: () => 0, verbose: true })
  terminal.log.warn(HOSTILE, { note: HOSTILE })
  const texts = [
    describeFailure(new InputError(issue, [issue]), false).text,
    describeFailure(new Error(HOSTILE), false).text,
    table([['a', HOSTILE]]),
    ...written,
  ]
  for (const text of texts) {
    expect(text).not.toMatch(/^\s*::/m)
    expect(hidden(text.replaceAll('\n', ''))).toEqual([])
  }
  expect(texts.slice(0, 2).join()).not.toContain('##vso[')
  const lines: string[] = []
  jsonLog((line) => lines.push(line)).error(HOSTILE, { reason: '\u2028\u0085' })
  expect(hidden(lines[0]!.trimEnd())).toEqual([])
  expect(JSON.parse(lines[0]!)).toMatchObject({ message: HOSTILE, reason: '\u2028\u0085' })
})

test.each(['github', 'gitlab', 'jira', 'linear', 'azure'] as const)('a ticket for %s', (kind) => {
  const ticket = {
    title: 'a\n@team\u202e',
    parts: [['Seen', '\ud800 [~user] @team #12\n<!-- x\n# y']] as const,
    back: 'p/items/x/',
  }
  const address = new URL(newTicketUrl({ kind, url: 'https://x.example/a/b' }, ticket))
  const said = [...address.searchParams.values()].join('\n')
  if (kind === 'azure') return expect(hidden(said.replaceAll('\n', ''))).toEqual([])
  expect(said).not.toMatch(/@team #12|\[~user\]|<!--|\u202e|^# y/m)
})

test('JSON in a script is the same data, and ends neither the script nor its line', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      const json = scriptJson([...texts, HOSTILE, '</script><!--\u2028\u2029'])
      expect(json).not.toMatch(/[<\u2028\u2029]/)
      expect(JSON.parse(json)).toEqual(
        JSON.parse(JSON.stringify([...texts, HOSTILE, '</script><!--\u2028\u2029'])),
      )
    }),
  )
})
