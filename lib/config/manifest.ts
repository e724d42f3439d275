/** `nearmiss.yaml` or `.json`: text → a manifest with nothing left to guess. */

import {
  type Document,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import { InputError } from '../core/errors.ts'
import type { Manifest } from '../core/manifest.ts'
import { withDefaults } from './completion.ts'
import { toIssues } from './issues.ts'
import { type ManifestInput, manifestSchema } from './schema.ts'

/** Far more than any real manifest; aliases could make much of little. */
const MAX_LENGTH = 1_000_000
/** A character takes up to four. */
export const MAX_MANIFEST_BYTES = MAX_LENGTH * 4
/** The keys that nearmiss knows nest four deep, with three marks or so for each. */
const MAX_DEPTH = 100
/** Of ten thousand notes there are about a quarter as many. */
const MAX_MARKS = 250_000

/** The manifest's file as text. Throws `InputError` where it is too large or no UTF-8. */
export function decodeManifest(bytes: Uint8Array, source: string): string {
  // Before it takes memory as text, and by the characters that its bytes hold at least.
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw tooLarge(bytes.length, 'bytes', MAX_MANIFEST_BYTES, source)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new InputError({
      code: 'manifest-encoding',
      message: `The manifest's ${bytes.length} bytes are not UTF-8 text.`,
      where: source,
      hint: 'Save it as UTF-8.',
    })
  }
}

/**
 * Checks a manifest and fills in its defaults; null is an upload without one.
 * Throws `InputError` with what is wrong, the lines and the nearest known keys.
 *
 * @example parseManifest('metric: cosine', 'nearmiss.yaml').k // 20
 */
export function parseManifest(text: string | null, source: string): Manifest {
  return withDefaults(text === null ? {} : parseSettings(text, source))
}

/** The same, as it is written. Throws as `parseManifest` does. */
export function parseSettings(text: string, source: string): ManifestInput {
  if (text.length > MAX_LENGTH) throw tooLarge(text.length, 'characters', MAX_LENGTH, source)
  checkShape(text, source)
  const lines = new LineCounter()
  // Its own check of keys compares each with all others.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
  })
  const [error] = document.errors
  if (error !== undefined) {
    throw unreadable(error.message, `${source}, line ${lines.linePos(error.pos[0]).line}`)
  }
  checkKeys(document, lines, source)
  keepNumbersAsWritten(document)
  const result = manifestSchema.safeParse(toValue(document, source) ?? {}, { reportInput: true })
  if (result.success) return result.data
  const lineOf = (path: readonly PropertyKey[]) => lineAt(document, lines, path)
  const [first, ...others] = toIssues(result.error.issues, source, lineOf)
  throw new InputError(first!, others)
}

function tooLarge(length: number, unit: string, limit: number, source: string): InputError {
  return new InputError({
    code: 'manifest-too-large',
    message: `The manifest has ${length} ${unit}; at most ${limit} are read.`,
    where: source,
    hint: 'Keep it to the keys that nearmiss knows; columns of the rows go into metadata.csv.',
  })
}

function unreadable(problem: string, where: string): InputError {
  return new InputError({
    code: 'manifest-syntax',
    message: `The manifest is not YAML or JSON that can be read: ${problem}.`,
    where,
    hint: 'Check the indentation, and put text that holds a colon in quotes.',
  })
}

/**
 * Before it is parsed, which takes memory for every mark and the stack for every level: neither may be
 * without end. A level is counted by its marks, a few of them each.
 */
function checkShape(text: string, source: string): void {
  let line = 1
  let column = 0
  let marks = 0
  let brackets = 0
  /** Columns at which what the place stands in begins. */
  const open: number[] = []
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets += 1
    else if (token === ']' || token === '}') brackets -= 1
    else if (brackets === 0 && token.trim() !== '' && !token.startsWith('#')) {
      while (open.length > 0 && open.at(-1)! >= column) open.pop()
      open.push(column)
    }
    marks += 1
    if (open.length + brackets > MAX_DEPTH) {
      throw unreadable(`it nests more than ${MAX_DEPTH} levels deep`, `${source}, line ${line}`)
    }
    if (marks > MAX_MARKS) {
      throw unreadable(`it has more than ${MAX_MARKS} keys, values and marks`, source)
    }
    const breaks = token.split('\n').length - 1
    line += breaks
    column = breaks === 0 ? column + token.length : token.length - 1 - token.lastIndexOf('\n')
  }
}

/** Throws for the first key that is there twice. */
function checkKeys(document: Document.Parsed, lines: LineCounter, source: string): void {
  visit(document, {
    Map(_key, { items }) {
      const keys = new Set<string>()
      for (const { key } of items as YAMLMap.Parsed['items']) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (keys.has(name)) {
          const { line } = lines.linePos(key.range[0])
          throw unreadable('Map keys must be unique', `${source}, line ${line}`)
        }
        keys.add(name)
      }
    },
  })
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
