/** zod's issues in words for people: the key, its line, and the nearest key that is known. */

import { closest, distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import type { Issue } from '../core/errors.ts'
import { FINDING_KINDS } from '../core/finding-kind.ts'
import { manifestJsonSchema, OWNER_PREFIXES } from './schema.ts'

type SchemaIssue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** More than anyone mends at once; each costs a look for its line and for the key that was meant. */
export const MOST_ISSUES = 20
/** Of a key or value that a message quotes, in characters. */
const MOST_QUOTED = 60

/** The first `MOST_ISSUES` of them in words, and how many more there are. */
export function toIssues(
  issues: readonly SchemaIssue[],
  source: string,
  lineOf: (path: Path) => number,
): readonly Issue[] {
  const single = issues.flatMap(oneByOne)
  const first = single
    .slice(0, MOST_ISSUES)
    .flatMap((issue) => describe(issue, [], source, lineOf))
    .slice(0, MOST_ISSUES)
  const more = single.length - MOST_ISSUES
  if (more <= 0) return first
  return [
    ...first,
    {
      code: 'manifest-more',
      message: `${more.toLocaleString('en-US')} more of its keys and values are wrong.`,
      where: source,
      hint: 'Correct those above first; docs/manifest.md shows every key with an example.',
    },
  ]
}

function oneByOne(issue: SchemaIssue): readonly SchemaIssue[] {
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ ...issue, keys: [key] }))
    : [issue]
}

function describe(
  issue: SchemaIssue,
  parent: Path,
  source: string,
  lineOf: (path: Path) => number,
): readonly Issue[] {
  const path = [...parent, ...issue.path]
  const where = (at: Path) => `${source}, line ${lineOf(at)}`
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, where([...path, key])))
  }
  if (issue.code === 'invalid_union') {
    const branch = likeliest(issue.errors)
    if (branch !== null) return branch.flatMap((inner) => describe(inner, path, source, lineOf))
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1))
    if (path[0] === 'owners' || path[0] === 'effort') {
      return [unknownKind(key, path[0], nameOf(path), where(path))]
    }
    return [
      {
        code: 'manifest-key',
        message: `${nameOf(path.slice(0, -1))} has the key ${excerpt(key)}: ${issue.issues[0]?.message ?? 'it is not allowed'}.`,
        where: where(path),
        hint: 'Metric ids are lower case with underscores, for example nearest_neighbor_accuracy.',
      },
    ]
  }
  return [
    {
      code: 'manifest-value',
      message: `${path.length === 0 ? 'The manifest' : nameOf(path)} is ${excerpt(issue.input)}: ${inWords(issue.message)}.`,
      where: where(path),
      hint: 'docs/manifest.md shows every key with an example.',
    },
  ]
}

function excerpt(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'number') return String(value)
  return cut(typeof value === 'string' ? JSON.stringify(cut(value)) : asJson(value))
}

/** An alias to what it stands in has no end; of a long list its start is enough. */
function asJson(value: unknown): string {
  try {
    return (
      JSON.stringify(Array.isArray(value) ? value.slice(0, MOST_QUOTED) : value) ?? String(value)
    )
  } catch {
    return 'a value that holds itself'
  }
}

/** A control character would act on the terminal that shows it. */
function shown(key: PropertyKey): string {
  const text = cut(String(key))
  return /\p{Cc}/u.test(text) ? JSON.stringify(text) : text
}

function cut(text: string): string {
  return text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text
}

function inWords(message: string): string {
  return message
    .replace(/^Invalid (?:input|option): /, '')
    .replace(/, received .*$/, '')
    .replace(/expected (?:number|int) to be /, 'it needs to be ')
    .replace(/^Too (?:small|big): /, '')
    .replace('expected object', 'keys with values are expected')
    .replace('expected string', 'text is expected (in quotes, where it looks like a number)')
    .replace('expected number', 'a number is expected')
    .replace('>=', 'at least ')
    .replace('<=', 'at most ')
    .replace('>0', 'more than 0')
}

/** The alternative that the author meant: the one whose trouble lies deepest; null where none is told apart. */
function likeliest(errors: readonly (readonly SchemaIssue[])[]): readonly SchemaIssue[] | null {
  const inside = errors.find(
    (branch) =>
      branch.length > 0 &&
      branch.every(({ path, code }) => path.length > 0 || code !== 'invalid_type'),
  )
  return inside ?? null
}

function unknownKey(key: string, path: Path, where: string): Issue {
  const known = knownKeys(path)
  const nearest = known.length === 0 ? key : closest(key.slice(0, MOST_QUOTED), known)
  const isNear = distance(key.slice(0, MOST_QUOTED), nearest) <= Math.max(2, key.length / 3)
  return {
    code: 'manifest-unknown-key',
    message: `${nameOf([...path, key])} is not a key that nearmiss knows.`,
    where,
    hint: isNear ? `Did you mean ${nearest}?` : `Known here: ${known.join(', ')}.`,
  }
}

/** A key that should be, or begin with, a kind of finding; or with what else owners are named by. */
function unknownKind(key: string, of: 'owners' | 'effort', name: string, where: string): Issue {
  const start = key.slice(0, MOST_QUOTED).replace(/:.*$/s, '')
  const prefixes = of === 'owners' ? OWNER_PREFIXES.map((prefix) => prefix.slice(0, -1)) : []
  const nearest = closest(start, [...FINDING_KINDS, ...prefixes])
  const isNear = distance(start, nearest) <= Math.max(2, start.length / 3)
  // An owner is named for a whole kind, an effort for one item of it too.
  const rest = of === 'effort' || prefixes.includes(nearest) ? key.slice(start.length) : ''
  const also = of === 'owners' ? '; a class is named class:NAME, a slice slice:COLUMN' : ''
  return {
    code: 'manifest-unknown-kind',
    message: `${name} is not a kind of finding${of === 'owners' ? ', a class or a slice' : ' or an item’s id'}.`,
    where,
    hint: isNear
      ? `Did you mean ${shown(nearest + rest)}?`
      : `The kinds are ${FINDING_KINDS.join(', ')}${also}.`,
  }
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

/** Made once: making it takes a millisecond, and every unknown key asks for it. */
let schemaNode: SchemaNode | null = null

function knownKeys(path: Path): readonly string[] {
  schemaNode ??= manifestJsonSchema() as SchemaNode
  let nodes: readonly SchemaNode[] = [schemaNode]
  for (const part of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node) => {
      const rest = node.additionalProperties
      const next =
        node.properties?.[String(part)] ??
        node.items ??
        (typeof rest === 'object' ? rest : undefined)
      return next === undefined ? [] : [next]
    })
  }
  return nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {}))
}

function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf ?? [node]
}

/** `known[0].until`, `gates.hit_at_10`. */
function nameOf(path: Path): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? shown(part) : `.${shown(part)}`,
    )
    .join('')
}
