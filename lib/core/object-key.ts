/** Which keys a store takes: the same ones in every store, so that a site can move between them. */

/** Names that a directory keeps for its own temporary files and locks. */
export const PRIVATE_PREFIX = '.nearmiss-'

const encoder = new TextEncoder()

/** What is wrong with a key, as the end of a sentence; null: nothing. */
export function keyProblem(key: string): string | null {
  if (key === '') return 'is empty'
  if (key.startsWith('/')) return 'starts with "/"'
  if (key.endsWith('/')) return 'ends with "/"'
  if (key.includes('\\')) return 'holds a backslash'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(key)) return 'holds a control character'
  if (/\p{Surrogate}/u.test(key))
    return 'holds half of a surrogate pair, which UTF-8 has no bytes for'
  // S3's limit.
  const byteLength = encoder.encode(key).byteLength
  if (byteLength > 1024) return `has ${byteLength} bytes of UTF-8, and 1,024 is the most`
  for (const part of key.split('/')) {
    if (part === '') return 'has an empty part ("//")'
    if (part === '.' || part === '..') return `has the part "${part}"`
    if (part.startsWith(PRIVATE_PREFIX)) return `has a part that starts with "${PRIVATE_PREFIX}"`
  }
  return null
}
