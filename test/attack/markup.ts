/** Whether XML is well-formed, and whether a page holds nothing that text from outside put there. */

const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u
const TOKEN = /<\?[^?]*\?>|<!--(?:(?!--)[\s\S])*-->|<!\[CDATA\[[\s\S]*?\]\]>|<\/?[^<>]*>|[^<]+|</g
const TAG = /^<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>$/
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#[1-9]\d*|#x[1-9a-f][\da-f]*);)/i

/** What is wrong with it, by the rules of XML 1.0 for documents without a DTD; null: nothing. */
export function xmlProblem(xml: string): string | null {
  if (NOT_XML.test(xml)) return `holds U+${NOT_XML.exec(xml)![0].codePointAt(0)!.toString(16)}`
  const open: string[] = []
  let roots = 0
  for (const [token] of xml.matchAll(TOKEN)) {
    if (token.startsWith('<?') || token.startsWith('<!')) continue
    if (BARE_AMPERSAND.test(token)) return `has a bare & in ${token.slice(0, 80)}`
    if (!token.startsWith('<')) {
      if (token.includes(']]>')) return 'has ]]> in its text'
      if (open.length === 0 && token.trim() !== '') return `has text outside: ${token.slice(0, 80)}`
      continue
    }
    const tag = TAG.exec(token)
    if (tag === null) return `has the broken tag ${token.slice(0, 80)}`
    const [, end, name, , empty] = tag
    if (end === '/') {
      if (open.pop() !== name) return `closes ${name}, which isn't open`
    } else {
      if (open.length === 0) roots++
      if (empty !== '/') open.push(name!)
    }
  }
  if (open.length > 0) return `leaves ${open.join(', ')} open`
  return roots === 1 ? null : `has ${roots} roots`
}

/** Elements that a page of ours may hold whose text is no markup. */
const RAW = /<(script|style|title)\b[^>]*>[\s\S]*?<\/\1>/g

/** What is wrong with a page; null: nothing. A browser's own look at it is in the long attack. */
export function documentProblem(page: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const odd = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/.exec(
    page,
  )
  if (odd !== null) return `holds U+${odd[0].codePointAt(0)!.toString(16)}`
  if (!page.startsWith('<!doctype html><html')) return 'has no doctype'
  // Values of attributes and text hold no < of their own.
  const tags = page.replace(RAW, '').replace(/"[^"<]*"/g, '""')
  if (/<script|<!--|<[^>]*\son\w+\s*=/i.test(tags)) return 'holds markup from outside'
  const address = /\s(?:href|src)="(?!https?:|mailto:|data:image\/|#)(\s*\w*:[^"]*)"/i.exec(page)
  if (address !== null) return `has the address ${address[1]}`
  return null
}
