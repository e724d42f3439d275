/** Links that open a tracker's form for a new ticket with its fields filled in; they need no token. */

import {
  escapeMarkdown,
  escapeMarkdownLines,
  escapeXml,
  visible,
  wellFormed,
} from '../core/escape.ts'
import type { Tracker, TrackerKind } from '../core/manifest.ts'

export { escapeMarkdown }

/** What a ticket is to say. */
export interface Ticket {
  readonly title: string
  /** Headings with their text, in order. */
  readonly parts: readonly (readonly [heading: string, text: string])[]
  /** The item's page: its address, or the path of it in the site where that address is unknown. */
  readonly back: string
}

type Markup = 'markdown' | 'wiki' | 'html'

interface Form {
  readonly name: string
  /** The form's address without title and text. */
  readonly address: (url: URL) => URL
  readonly title: string
  readonly text: string
  readonly markup: Markup
  /** Characters of the whole address that the service is sure to take. */
  readonly mostCharacters: number
}

/**
 * Parameters as each tracker documents them. GitHub refuses addresses past 8,191 bytes, GitLab's and
 * Jira's servers lines of 8 KB; Azure Boards' guide to work item templates names 2,000 characters.
 * Linear names no limit. Room is left for what a sign-in adds on the way.
 */
const FORMS: Readonly<Record<TrackerKind, Form>> = {
  github: {
    name: 'GitHub',
    address: (url) => withPath(url, `${stem(url, /\/issues(\/.*)?$/)}/issues/new`),
    title: 'title',
    text: 'body',
    markup: 'markdown',
    mostCharacters: 7_500,
  },
  gitlab: {
    name: 'GitLab',
    address: (url) =>
      withPath(url, `${stem(url, /(\/-)?\/(issues|work_items)(\/.*)?$/)}/-/issues/new`),
    title: 'issue[title]',
    text: 'issue[description]',
    markup: 'markdown',
    mostCharacters: 7_000,
  },
  jira: {
    name: 'Jira',
    address: jiraForm,
    title: 'summary',
    text: 'description',
    markup: 'wiki',
    mostCharacters: 7_000,
  },
  linear: {
    name: 'Linear',
    address: (url) => {
      const team = /\/team\/([^/]+)/.exec(url.pathname)?.[1]
      return withPath(
        url,
        url.hostname === 'linear.new' ? '/' : team ? `/team/${team}/new` : '/new',
      )
    },
    title: 'title',
    text: 'description',
    markup: 'markdown',
    mostCharacters: 7_000,
  },
  azure: {
    name: 'Azure Boards',
    address: (url) => {
      const kind = /\/_workitems\/create\/([^/]+)/i.exec(url.pathname)?.[1] ?? 'Task'
      return withPath(
        url,
        `${stem(url, /\/_(workitems|boards|backlogs|sprints)(\/.*)?$/i)}/_workitems/create/${kind}`,
      )
    },
    title: '[System.Title]',
    text: '[System.Description]',
    markup: 'html',
    mostCharacters: 1_900,
  },
}

/** Every tracker's field for the title takes 255 characters. */
const TITLE_CHARACTERS = 200
/** Kept free where the way back is a path: a page that is open puts the site's address before it. */
const HOME_CHARACTERS = 200
const CUT = '… (shortened; the item’s page has all of it)'

export function trackerName(kind: TrackerKind): string {
  return FORMS[kind].name
}

/**
 * The address of a new ticket's form. Title and text are encoded; where the address would be longer
 * than the tracker takes, the text is shortened, and the way back to the item's page stays.
 *
 * @example newTicketUrl({ kind: 'github', url: 'https://github.com/example/project' }, ticket)
 * // https://github.com/example/project/issues/new?title=…&body=…
 */
export function newTicketUrl(tracker: Tracker, ticket: Ticket): string {
  const form = FORMS[tracker.kind]
  const address = form.address(new URL(tracker.url))
  const joint = address.search === '' ? '?' : '&'
  const start = `${address.href}${joint}${encode(form.title)}=`
  const middle = `&${encode(form.text)}=`
  const room = URL.canParse(ticket.back) ? 0 : HOME_CHARACTERS
  const most = form.mostCharacters - start.length - middle.length - room
  const title = longest(
    visible(ticket.title),
    (text) => encode(text).length <= most / 3,
    Math.min([...visible(ticket.title)].length, TITLE_CHARACTERS),
    '…',
  )
  const left = most - encode(title).length
  const whole = encode(bodyText(ticket, form.markup, Number.POSITIVE_INFINITY))
  const body =
    whole.length <= left
      ? whole
      : encode(bodyText(ticket, form.markup, mostThatFits(ticket, form.markup, left)))
  return `${start}${encode(title)}${middle}${body}`
}

/** Characters of the parts' texts that may be kept for the encoded whole to fit. */
function mostThatFits(ticket: Ticket, markup: Markup, left: number): number {
  let fits = 0
  let tooMany = ticket.parts.reduce((sum, [, text]) => sum + [...text].length, 0)
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (encode(bodyText(ticket, markup, middle)).length <= left) fits = middle
    else tooMany = middle
  }
  return fits
}

function longest(
  text: string,
  isFitting: (text: string) => boolean,
  most: number,
  cut: string,
): string {
  const letters = [...text]
  if (letters.length <= most && isFitting(text)) return text
  let length = Math.min(most, letters.length) - 1
  while (length > 0 && !isFitting(letters.slice(0, length).join('') + cut))
    length = Math.floor(length * 0.9)
  return letters.slice(0, Math.max(length, 0)).join('') + cut
}

/** Parts in order until `most` characters are used up; the way back is always there. */
function bodyText(ticket: Ticket, markup: Markup, most: number): string {
  let left = most
  const parts: string[] = []
  for (const [heading, text] of ticket.parts) {
    const letters = [...text]
    const isCut = letters.length > left
    if (isCut && left <= 0) break
    const shown = isCut ? `${letters.slice(0, left).join('').trimEnd()}${CUT}` : text
    parts.push(paragraph(heading, shown, markup))
    left -= letters.length
    if (isCut) break
  }
  parts.push(
    markup === 'html' ? `<p>nearmiss: ${htmlText(ticket.back)}</p>` : `nearmiss: ${ticket.back}`,
  )
  return parts.join(markup === 'html' ? '' : '\n\n')
}

function paragraph(heading: string, text: string, markup: Markup): string {
  if (markup === 'html') return `<p><b>${heading}</b><br>${htmlText(text)}</p>`
  return markup === 'wiki'
    ? `*${heading}*\n${wikiText(text)}`
    : `**${heading}**\n${escapeMarkdownLines(text)}`
}

function encode(text: string): string {
  return encodeURIComponent(wellFormed(text))
}

/** The path without what follows the repository or project. */
function stem(url: URL, rest: RegExp): string {
  return url.pathname
    .replace(/\/+$/, '')
    .replace(rest, '')
    .replace(/\.git$/, '')
}

function withPath(url: URL, path: string): URL {
  const changed = new URL(url)
  changed.pathname = path
  changed.hash = ''
  return changed
}

/**
 * The form wants `pid` and `issuetype`: an address that has them goes straight to it, any other to
 * the page before it, where Jira asks for them.
 */
function jiraForm(url: URL): URL {
  const isWhole = url.searchParams.has('pid') && url.searchParams.has('issuetype')
  // Jira Cloud lies at its host's root, a server of one's own may lie in a folder.
  const isCloud = url.hostname.endsWith('.atlassian.net')
  const base = isCloud ? '' : stem(url, /\/(secure|browse|projects|issues)(\/.*)?$/)
  const page = isWhole ? 'CreateIssueDetails!init.jspa' : 'CreateIssue!default.jspa'
  return withPath(url, `${base}/secure/${page}`)
}

/** Jira's markup as text: no link, mention, macro, list or heading. */
function wikiText(text: string): string {
  return text
    .split(/\r\n|[\n\r]/)
    .map((line) =>
      visible(line)
        .replace(/[\\{}[\]!|*_~#@^]/g, '\\$&')
        .replace(/^(\s*)(-+|h[1-6]\.|bq\.)/, '$1\u200b$2'),
    )
    .join('\n')
}

/** Text between HTML's tags, where quotes are no markup. */
function htmlText(text: string): string {
  return escapeXml(
    text
      .split(/\r\n|[\n\r]/)
      .map(visible)
      .join('\n'),
  )
    .replaceAll('&quot;', '"')
    .replaceAll('\n', '<br>')
}
