/** What a stored JSON value must be, by a schema, and in words what it is instead. */

import type { z } from 'zod'

/** A value of no such shape is told of; further keys are allowed, as newer versions add some. */
export interface Shape<T> {
  /** What is wrong, as the end of a sentence that names the value; null: it is a `T`. */
  readonly problem: (value: unknown) => string | null
  readonly is: (value: unknown) => value is T
}

/** @param schema is made when it is first asked: large ones take a moment */
export function shapeOf<T>(schema: () => z.ZodType): Shape<T> {
  let made: z.ZodType | null = null
  const issueOf = (value: unknown) => {
    made ??= schema()
    return made.safeParse(value).error?.issues ?? []
  }
  return {
    problem(value) {
      const [issue] = issueOf(value).map(innermost).sort(byDepth)
      return issue === undefined ? null : told(issue, value)
    },
    is: (value): value is T => issueOf(value).length === 0,
  }
}

type Issue = z.core.$ZodIssue

/** Of a value that may be one of several things: the issue with the one that it comes nearest to. */
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const branches = issue.errors.map((issues) =>
    issues.map((one) => innermost({ ...one, path: [...issue.path, ...one.path] } as Issue)),
  )
  const within = branches.filter((issues) =>
    issues.every(({ path }) => path.length > issue.path.length),
  )
  const [nearest] = within.sort((a, b) => otherKinds(a) - otherKinds(b) || a.length - b.length)
  const [first] = [...(nearest ?? [])].sort(byDepth)
  if (first !== undefined) return first
  const names = branches.flat().flatMap((one) => expectedOf(one) ?? [])
  return { ...issue, code: 'custom', message: [...new Set(names)].join(' or ') } as Issue
}

/** A branch that another constant marks, such as its `kind`, is another thing. */
function otherKinds(issues: readonly Issue[]): number {
  return issues.filter(({ code }) => code === 'invalid_value').length
}

function byDepth(a: Issue, b: Issue): number {
  return a.path.length - b.path.length
}

function told(issue: Issue, value: unknown): string {
  const there = issue.path.reduce<unknown>(
    (inside, key) => (inside as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  const expected = expectedOf(issue) ?? issue.message
  const place = placeOf(issue.path)
  if (there === undefined) return `has no \`${place}\`, where ${expected} is expected`
  return place === ''
    ? `is ${shown(there)}, where ${expected} is expected`
    : `has ${shown(there)} as \`${place}\`, where ${expected} is expected`
}

/** `confusion.pairs[3].count`, and `metrics["hit at 1"]` for a name that needs it. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`
    if (!/^[\w$]+$/.test(String(key))) return `${place}[${JSON.stringify(String(key))}]`
    return place === '' ? String(key) : `${place}.${String(key)}`
  }, '')
}

const NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
  tuple: 'a list',
}

/** Null where the issue's own message says it best. */
function expectedOf(issue: Issue): string | null {
  if (issue.code === 'invalid_type') return NAMES[issue.expected] ?? issue.expected
  if (issue.code === 'invalid_value') return issue.values.map((one) => shown(one)).join(' or ')
  return issue.code === 'custom' ? issue.message : null
}

const SHOWN_LENGTH = 60

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}
