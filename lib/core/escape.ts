/**
 * How text from outside (labels, ids, names, notes, and messages that quote them) is written where a
 * character can be more than itself: in a terminal, a build log, Markdown, JSON, CSV and XML.
 */

/**
 * What isn't seen, or turns what is beside it: control characters, directions, zero widths, line and
 * paragraph separators, halves of pairs, and code points that are no characters. What chooses the look of
 * an emoji, or joins two, stays.
 */
const UNSEEN = new RegExp(
  [
    // Neither the choice of an emoji's look nor what joins two of them.
    '(?!\\ufe0e|\\ufe0f)',
    '(?!(?<=\\p{Extended_Pictographic}|\\p{Emoji_Modifier}|\\ufe0f)\\u200d(?=\\p{Extended_Pictographic}))',
    '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}]',
  ].join(''),
  'gu',
)

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** One line in which every character is seen: a line break reads `\n`, an escape `\u001b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (letter) => {
    const code = letter.codePointAt(0)!.toString(16)
    return SHORT_ESCAPES[letter] ?? (code.length > 4 ? `\\u{${code}}` : unit(code))
  })
}

function unit(code: string): string {
  return `\\u${code.padStart(4, '0')}`
}

/** What Azure Pipelines, GitHub Actions and TeamCity take for a command wherever in a line it stands. */
const COMMAND = /##(?=(?:\w+)?\[)/g
/** What GitHub Actions and GitLab take for one where a line starts with it, after spaces too. */
const COMMAND_AT_START = /^(\s*)(?=::|section_(?:start|end):)/

/** A line for a terminal or a build log: all of it is seen, and none of it is a command to what reads it. */
export function logLine(text: string): string {
  return visible(text).replace(COMMAND, '##\\').replace(COMMAND_AT_START, '$1\\')
}

/** Lines of one's own, whose line breaks are meant; text from outside went through `visible` before. */
export function logLines(text: string): string {
  return text.split('\n').map(logLine).join('\n')
}

/** JSON with the same meaning, in which all is seen and nothing is a command to a build log. */
export function logJson(json: string): string {
  // Outside of strings JSON has nothing of this but line breaks and tabs of its own.
  return json
    .replace(UNSEEN, (letter) =>
      letter === '\n' || letter === '\t' || letter === '\r'
        ? letter
        : [...Array(letter.length).keys()]
            .map((at) => unit(letter.charCodeAt(at).toString(16)))
            .join(''),
    )
    .replace(COMMAND, '#\\u0023')
}

/** Nothing to see, which ends what a forge would make a link of. */
const BREAK = '\u200b'

/**
 * One line of Markdown that says the text: no markup, no mention, no link, no reference to a ticket,
 * neither for CommonMark nor for what GitHub and GitLab look for in the text that it gives.
 */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]<>|~#$!&^]/g, '\\$&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2')
    .replace(/@|#(?=\w)|\b[a-z][a-z0-9+.-]*:(?=\/\/)|\bwww(?=\.)|\bGH-(?=\d)/gi, `$&${BREAK}`)
}

/** JSON as a script may hold it, or a page's block of data: nothing of it ends the block or the line. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}

/** Several lines, each of them escaped. */
export function escapeMarkdownLines(text: string): string {
  return text
    .split(/\r\n|[\n\r]/)
    .map(escapeMarkdown)
    .join('\n')
}

/** An address inside `<…>` of a Markdown link, which ends at `>` and at the end of its line. */
export function markdownAddress(address: string): string {
  return address.replace(/[<>\\|`\s\p{Cc}\p{Cf}\p{Cs}]/gu, (letter) =>
    encodeURIComponent(wellFormed(letter)),
  )
}

/** Characters that start a formula, in full width too, and those that are skipped before one. */
const FORMULA_START = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u

/** RFC 4180; a text that a spreadsheet would take for a formula starts with an apostrophe. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = FORMULA_START.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Text and attribute values of XML, SVG and HTML: markup as text, and only characters that XML has. */
export function escapeXml(text: string): string {
  return xmlCharacters(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** What XML 1.0 and HTML don't have becomes U+FFFD. */
export function xmlCharacters(text: string): string {
  return text.replace(
    /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
    '\ufffd',
  )
}

/** Halves of pairs, which UTF-8 has no bytes for, become U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
