/** The document around every page: its head with a strict policy, its masthead and its foot. */

import { createHash } from 'node:crypto'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { joinWords } from '../../lib/core/words.ts'
import { reportFile } from '../files/report-file.ts'

export interface Crumb {
  readonly text: string
  readonly href: string | null
}

export interface DocumentProps {
  readonly title: string
  readonly description: string
  /** From the site's page to this one; the last has no address. */
  readonly crumbs: readonly Crumb[]
  /** Hosts that the page loads pictures from, by https; none unless given. */
  readonly pictureHosts?: readonly string[]
  /** Scripts of the site's own, as addresses from this page; they run once the page is read. */
  readonly scripts?: readonly string[]
  /** Whether the page may load such scripts later on. */
  readonly loadsScripts?: boolean
  /** A file of `theme/` that this kind of page needs besides the common ones. */
  readonly theme?: 'plan' | 'map'
  /** Address of the feed that tells of new runs. */
  readonly feed?: string
  /** The picture that a chat shows beside a link to the page. */
  readonly preview?: Preview
  readonly generator?: string
  readonly children?: Child
}

export interface Preview {
  /** Address of the picture from the page. */
  readonly image: string
  /** What it shows, in words. */
  readonly says: string
  /** The page's own address, where the site's is known: chats take no relative one. */
  readonly pageUrl: string | null
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Ccircle cx='9' cy='12' r='6.5' fill='none' stroke='%23155fa8' stroke-width='3'/%3E%3Ccircle cx='20' cy='12' r='3' fill='%23d4541c'/%3E%3C/svg%3E"

/** In order: the later wins. */
const STYLES = [
  'base',
  'frame',
  'verdict',
  'items',
  'tables',
  'runs',
  'charts',
  'evidence',
  'upload',
  'narrow',
]
/** After everything else. */
const LAST = 'print'

interface Assets {
  readonly style: string
  readonly script: string
}

const assets = new Map<string, Assets>()

/** The one stylesheet, with what a page's kind adds to it, and the one script. */
function pageAssets(theme: string): Assets {
  const known = assets.get(theme)
  if (known) return known
  const names = [...STYLES, ...(theme === '' ? [] : [theme]), LAST]
  const made = {
    style: names.map((name) => compactStyle(reportFile(`theme/${name}.css`))).join(''),
    script: reportFile('theme/page.js')
      .replace(/^\s*(\/\/.*|\/\*\*[\s\S]*?\*\/)\n/gm, '')
      .replace(/^\s+/gm, ''),
  }
  assets.set(theme, made)
  return made
}

function compactStyle(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/([ :,(])0\./g, '$1.')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .trim()
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** A policy of more hosts would outweigh the page. */
const MOST_HOSTS = 100

/** Nothing runs or loads but the page's own style, script and pictures. */
function policy(
  { style, script }: Assets,
  pictureHosts: readonly string[],
  withScripts: boolean,
): string {
  const pictures = pictureHosts.map((host) => ` https://${host}`).join('')
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    // A page without scripts of its own lets none in that lies beside it.
    `script-src ${withScripts ? "'self' " : ''}${hashOf(script)}`,
    `img-src 'self' data:${pictureHosts.length > MOST_HOSTS ? ' https:' : pictures}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

export function Document(props: DocumentProps) {
  const own = pageAssets(props.theme ?? '')
  const { style, script } = own
  const { scripts = [] } = props
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content={policy(own, props.pictureHosts ?? [], props.loadsScripts || scripts.length > 0)}
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>{props.title}</title>
        <meta name="description" content={props.description} />
        <meta property="og:title" content={props.title} />
        <meta property="og:description" content={props.description} />
        {props.preview ? <PreviewTags {...props.preview} /> : null}
        <link rel="icon" href={ICON} />
        {props.feed ? (
          <link rel="alternate" type="application/atom+xml" title="Runs" href={props.feed} />
        ) : null}
        <style>{raw(style)}</style>
        <script>{raw(script)}</script>
        {scripts.map((address) => (
          <script src={address} defer></script>
        ))}
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="masthead">
          <Mark />
          <nav aria-label="Where you are">
            <ol class="crumbs">
              {props.crumbs.map((crumb) => (
                <li>
                  {crumb.href === null ? (
                    <span aria-current="page">{crumb.text}</span>
                  ) : (
                    <a href={crumb.href}>{crumb.text}</a>
                  )}
                </li>
              ))}
            </ol>
          </nav>
          <button type="button" class="theme" data-theme-toggle hidden>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <circle cx="8" cy="8" r="6.5" class="theme-ring" />
              <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" class="theme-half" />
            </svg>
            <span>Theme</span>
          </button>
        </header>
        {props.children}
        <footer class="foot">
          <p>
            Made by nearmiss{props.generator ? ` ${props.generator}` : ''}. This page{' '}
            {loads(props.pictureHosts ?? [])} and holds no vectors.
          </p>
        </footer>
      </body>
    </html>
  )
}

/** Hosts that the foot names; the others are counted. */
const NAMED_HOSTS = 5

/** What the page loads, as its foot says it: whose pictures a reader's browser asks for. */
function loads(pictureHosts: readonly string[]): string {
  return pictureHosts.length === 0
    ? 'loads nothing from elsewhere'
    : `loads pictures from ${joinWords(pictureHosts, NAMED_HOSTS)}, nothing else from elsewhere,`
}

function PreviewTags({ image, says, pageUrl }: Preview) {
  const isKnown = pageUrl !== null && URL.canParse(image, pageUrl)
  const address = isKnown ? new URL(image, pageUrl).href : image
  return (
    <>
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content="nearmiss" />
      {pageUrl === null ? null : <meta property="og:url" content={pageUrl} />}
      <meta property="og:image" content={address} />
      <meta property="og:image:width" content="1200" />
      <meta property="og:image:height" content="630" />
      <meta property="og:image:alt" content={says} />
      <meta name="twitter:card" content="summary_large_image" />
    </>
  )
}

function Mark() {
  return (
    <span class="brand">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="9" cy="12" r="6.5" class="brand-ring" />
        <circle cx="20" cy="12" r="3" class="brand-dot" />
      </svg>
      nearmiss
    </span>
  )
}
