/** `<project>/feed.xml`: an Atom feed of the project's runs. */

import { sha256 } from '../../../lib/core/canonical.ts'
import { escapeXml } from '../../../lib/core/escape.ts'
import type { ProjectIndex, RunEntry } from '../../../lib/core/project-index.ts'
import { runPage } from '../../view/run-view.ts'
import { count, counted } from '../../words/format.ts'

/** Entries of the feed, newest first; the index lists all runs. */
const SHOWN = 30

/**
 * RFC 4287. Addresses are absolute where the site's own is known, relative to the feed otherwise; ids
 * are made of names, so that a feed that moves keeps its entries.
 *
 * @param siteUrl with a slash at its end
 */
export function renderFeed(index: ProjectIndex, siteUrl: string | null): string {
  const { project } = index
  const home = siteUrl === null ? '' : `${siteUrl}${project}/`
  const runs = [...index.runs].reverse()
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<title>${escapeXml(project)}: nearmiss</title>`,
    `<id>${urn(project)}</id>`,
    `<updated>${escapeXml(runs[0]?.createdAt ?? '1970-01-01T00:00:00.000Z')}</updated>`,
    '<author><name>nearmiss</name></author>',
    `<link rel="self" href="${escapeXml(`${home}feed.xml`)}"/>`,
    `<link rel="alternate" type="text/html" href="${escapeXml(`${home}index.html`)}"/>`,
    ...runs.slice(0, SHOWN).map((entry) => entryOf(project, entry, home)),
    '</feed>',
  ]
  return `${lines.join('\n')}\n`
}

function entryOf(project: string, entry: RunEntry, home: string): string {
  const { run, createdAt, summary, error } = entry
  const says = summary
    ? `${summary.verdict} ${counted(summary.openItems, 'open item')}${summary.outOfScope ? `, ${count(summary.outOfScope)} out of scope since this run` : ''}.`
    : `Couldn’t be evaluated: ${error ?? 'its page says why.'}`
  return [
    '<entry>',
    `<title>${escapeXml(run)}: ${escapeXml(says)}</title>`,
    `<id>${urn(`${project}/${run}`)}</id>`,
    `<updated>${escapeXml(createdAt)}</updated>`,
    `<link rel="alternate" type="text/html" href="${escapeXml(`${home}${runPage(run)}`)}"/>`,
    `<summary>${escapeXml(says)}</summary>`,
    '</entry>',
  ].join('\n')
}

/** A UUID made of a name (version 8, RFC 9562). */
function urn(name: string): string {
  const hex = sha256(`nearmiss feed ${name}`)
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return `urn:uuid:${parts.join('-')}`
}
