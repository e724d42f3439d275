/** Names of projects, runs and items, and their form in addresses. */

import { sha256 } from './canonical.ts'

/** `<project>` and `<run>` in every key and address. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

export function isName(text: string): boolean {
  return NAME_PATTERN.test(text)
}

/**
 * An item's part of its permalink: readable where the id is plain, always unique.
 * `confusion:3|9` becomes `confusion-3-9-` and eight digits of its hash, since ids hold any label.
 */
export function itemSlug(id: string): string {
  const readable = id
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .toLowerCase()
  return `${readable || 'item'}-${sha256(id).slice(0, 8)}`
}

/** An address of a folder: without query or fragment, with a slash at its end. */
export function folderUrl(address: string): string {
  const url = new URL(address)
  url.search = ''
  url.hash = ''
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

/** Code-unit order: the one order of names that doesn't depend on a locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Where a row's picture may be: an https address, or a relative key without `..`. Uploads are not
 * trusted, and any other scheme could run in a reader's browser.
 */
export const IMAGE_ADDRESS_PATTERN =
  /^(?:https:\/\/[^\s\\]+|(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^:\\\r\n\u2028\u2029]+)$/

/** Host, and port where it isn't https's own, as a page's policy takes it. */
const HOST_PATTERN = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?(?::\d+)?$/

/** The host that an https address is on; null where it is no such address, or its host could be no other's. */
export function pictureHost(address: string): string | null {
  if (!address.startsWith('https://') || !URL.canParse(address)) return null
  const { host } = new URL(address)
  return HOST_PATTERN.test(host) ? host : null
}
