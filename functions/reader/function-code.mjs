/** The code of the CloudFront function, as the build puts it into `dist/edge` and the template takes it from there. */

import { readFile } from 'node:fs/promises'

/** CloudFront refuses more. */
const MOST_BYTES = 10 * 1024

/**
 * `viewer-request.mjs` in CloudFront's words: its own module instead of ours, and no exports.
 *
 * @param {'sign-in' | 'open'} access whether readers sign in, or everybody may read
 * @returns {Promise<string>}
 */
export async function functionCode(access) {
  const source = await readFile(new URL('./viewer-request.mjs', import.meta.url), 'utf8')
  const code = replaced(source, "import cf from './cloudfront.ts'", "import cf from 'cloudfront'")
    .replaceAll(/^export /gm, '')
    // Comments count as code.
    .replaceAll(/^ *(?:\/\*\*[\s\S]*?\*\/|\/\/.*)\n/gm, '')
  const entry =
    access === 'open'
      ? replaced(
          replaced(code, 'async function handler(', 'async function signedInHandler('),
          'function openHandler(',
          'function handler(',
        )
      : code
  const bytes = Buffer.byteLength(entry)
  if (bytes > MOST_BYTES) {
    throw new Error(`the CloudFront function has ${bytes} bytes, and may have ${MOST_BYTES}`)
  }
  return entry
}

/** @param {string} text @param {string} part @param {string} other */
function replaced(text, part, other) {
  if (!text.includes(part)) throw new Error(`viewer-request.mjs holds no ${part}`)
  return text.replace(part, other)
}
