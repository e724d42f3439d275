/** Python's literals, as the header of a NumPy array holds them: texts, whole numbers, lists, tuples and dictionaries. */

export type Literal = string | number | boolean | readonly Literal[] | ReadonlyMap<string, Literal>

/** Lists inside of lists, more than any type has. */
const DEEPEST = 20

const TOKEN =
  /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(-?\d+)L?|(True|False)\b|([[\](){},:]))/uy
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** Null where the text is anything else. */
export function parseLiteral(text: string): Literal | null {
  const tokens = tokensOf(text)
  if (tokens === null) return null
  let at = 0
  const fails = Symbol('no literal')
  const sequence = (end: string, depth: number): Literal[] | typeof fails => {
    const entries: Literal[] = []
    while (tokens[at]?.mark !== end) {
      const entry = value(depth + 1)
      if (entry === fails) return fails
      entries.push(entry)
      if (tokens[at]?.mark === ',') at += 1
      else if (tokens[at]?.mark !== end) return fails
    }
    at += 1
    return entries
  }
  const dictionary = (depth: number): ReadonlyMap<string, Literal> | typeof fails => {
    const entries = new Map<string, Literal>()
    while (tokens[at]?.mark !== '}') {
      const key = value(depth + 1)
      if (typeof key !== 'string' || tokens[at]?.mark !== ':') return fails
      at += 1
      const entry = value(depth + 1)
      if (entry === fails) return fails
      entries.set(key, entry)
      if (tokens[at]?.mark === ',') at += 1
      else if (tokens[at]?.mark !== '}') return fails
    }
    at += 1
    return entries
  }
  const value = (depth: number): Literal | typeof fails => {
    const token = tokens[at]
    at += 1
    if (token === undefined || depth > DEEPEST) return fails
    if (token.plain !== null) return token.plain
    if (token.mark === '[') return sequence(']', depth)
    if (token.mark === '(') return sequence(')', depth)
    return token.mark === '{' ? dictionary(depth) : fails
  }
  const whole = value(0)
  return whole === fails || at < tokens.length ? null : whole
}

interface Token {
  readonly plain: string | number | boolean | null
  readonly mark: string | null
}

function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = []
  const trimmed = text.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < trimmed.length) {
    const [, quoted, number, flag, mark] = TOKEN.exec(trimmed) ?? []
    if (quoted !== undefined) tokens.push({ plain: unquoted(quoted), mark: null })
    else if (number !== undefined) tokens.push({ plain: Number(number), mark: null })
    else if (flag !== undefined) tokens.push({ plain: flag === 'True', mark: null })
    else if (mark !== undefined) tokens.push({ plain: null, mark })
    else return null
  }
  return tokens
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(
      /\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/giu,
      (_, two?: string, four?: string, one?: string) => {
        const code = two ?? four
        return code === undefined
          ? (ESCAPES[one!] ?? one!)
          : String.fromCharCode(Number.parseInt(code, 16))
      },
    )
}
