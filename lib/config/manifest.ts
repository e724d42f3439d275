/** `nearmiss.yaml` or `.json`: text → a manifest with nothing left to guess. */

import {
  type Document,
  isNode,
  isScalar,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml'
import { InputError } from '../core/errors.ts'
import type { Manifest } from '../core/manifest.ts'
import { withDefaults } from './defaults.ts'
import { toIssues } from './issues.ts'
import { manifestSchema } from './schema.ts'

/** Far more than any real manifest; aliases could make much of little. */
const MAX_BYTE_LENGTH = 1_000_000

/**
 * Checks a manifest and fills in its defaults; null is an upload without one.
 * Throws `InputError` with an issue for each thing that is wrong, its line and the nearest known key.
 *
 * @example parseManifest('metric: cosine', 'nearmiss.yaml').k // 20
 */
export function parseManifest(text: string | null, source: string): Manifest {
  if (text === null) return withDefaults({})
  if (text.length > MAX_BYTE_LENGTH) {
    throw new InputError({
      code: 'manifest-too-large',
      message: `The manifest has ${text.length} characters; at most ${MAX_BYTE_LENGTH} are read.`,
      where: source,
      hint: 'Keep it to the keys that nearmiss knows; columns of the rows go into metadata.csv.',
    })
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [error] = document.errors
  if (error !== undefined) {
    throw new InputError({
      code: 'manifest-syntax',
      message: `The manifest is not YAML or JSON that can be read: ${error.message.replace(/ at line \d+, column \d+:?.*$/s, '')}.`,
      where: `${source}, line ${lines.linePos(error.pos[0]).line}`,
      hint: 'Check the indentation, and put text that holds a colon in quotes.',
    })
  }
  keepNumbersAsWritten(document)
  const result = manifestSchema.safeParse(toValue(document, source) ?? {}, { reportInput: true })
  if (result.success) return withDefaults(result.data)
  const lineOf = (path: readonly PropertyKey[]) => lineAt(document, lines, path)
  const [first, ...others] = toIssues(result.error.issues, source, lineOf)
  throw new InputError(first!, others)
}

/** `version: 1.10` is text for people; as a number it would lose its last digit. */
function keepNumbersAsWritten(document: Document.Parsed): void {
  for (const path of [
    ['baseline'],
    ['model', 'name'],
    ['model', 'version'],
    ['model', 'preprocessing'],
  ]) {
    const node = document.hasIn(path) ? document.getIn(path, true) : undefined
    if (isScalar(node) && typeof node.value === 'number' && node.source !== undefined) {
      node.value = node.source
    }
  }
}

function toValue(document: Document.Parsed, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw new InputError({
      code: 'manifest-syntax',
      message: `The manifest can't be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      where: source,
      hint: 'Write the values out instead of repeating them with anchors and aliases.',
    })
  }
}

/** Line of a key or value, from 1; that of its nearest parent where it has none of its own. */
function lineAt(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length))
    if (offset !== null) return lines.linePos(offset).line
  }
  return 1
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number | null {
  const parentPath = path.slice(0, -1)
  const parent = parentPath.length === 0 ? document.contents : document.getIn(parentPath, true)
  let offset: number | null = null
  if (!isNode(parent)) return null
  visit(parent as ParsedNode, {
    Pair(_key, pair) {
      if (isScalar(pair.key) && String(pair.key.value) === path.at(-1) && offset === null) {
        offset = pair.key.range?.[0] ?? null
        return visit.BREAK
      }
      return visit.SKIP
    },
    Seq(_key, sequence) {
      const item = sequence.items[Number(path.at(-1))]
      if (isNode(item)) offset = item.range?.[0] ?? null
      return visit.BREAK
    },
  })
  return offset
}
