/** A section of the benchmark's page that a part of the benchmark can write alone. */

/**
 * The page with a section replaced, or put at its end.
 *
 * @param {string} text
 * @param {readonly string[]} part paragraphs, the heading first
 */
export function withSection(text, part) {
  const [heading = ''] = part
  const start = text.indexOf(`${heading}\n`)
  const section = `${part.join('\n\n')}\n`
  if (start < 0) return `${text.trimEnd()}\n\n${section}`
  const next = text.indexOf('\n## ', start + heading.length)
  return `${text.slice(0, start)}${section}${next < 0 ? '' : text.slice(next)}`
}
