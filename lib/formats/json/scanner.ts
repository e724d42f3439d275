/**
 * JSON, value by value, without building any of it: numbers stay as they are written, which `JSON.parse`
 * loses past 2^53, and NaN and Infinity are read as Python writes them.
 */

import { InputError } from '../../core/errors.ts'
import { wellFormed } from '../../core/escape.ts'
import { LONGEST_LINE } from '../../core/limits.ts'

/** Lists and objects within each other; no table needs as many. */
const MOST_DEPTH = 64
const LONGEST_NUMBER = 1000

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]
const WORDS = ['null', 'true', 'false', 'NaN', 'Infinity', '-Infinity']
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export type JsonKind = 'object' | 'list' | 'text' | 'number' | 'flag' | 'null'

export class JsonScanner {
  /** Of the next byte that is looked at. */
  at: number
  readonly #bytes: Buffer
  readonly #source: string
  #depth = 0

  constructor(bytes: Uint8Array, source: string, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#source = source
    this.at = at
  }

  /** What comes next; null at the end of the file. Throws `InputError` for what isn't JSON. */
  kind(): JsonKind | null {
    const byte = this.#peek()
    switch (byte) {
      case undefined:
        return null
      case OPEN_OBJECT:
        return 'object'
      case OPEN_LIST:
        return 'list'
      case QUOTE:
        return 'text'
      case 0x6e:
        return 'null'
      case 0x74:
      case 0x66:
        return 'flag'
      default:
        if (isNumberByte(byte) || byte === 0x4e || byte === 0x49) return 'number'
        throw this.wrong(`a value can't start with ${this.#shown()}`)
    }
  }

  /** Calls back with each key; the callback reads the value that follows it. */
  object(onMember: (key: string) => void): void {
    this.#enter(OPEN_OBJECT)
    for (let isFirst = true; this.#goesOn(CLOSE_OBJECT, isFirst); isFirst = false) {
      if (this.#peek() !== QUOTE) throw this.wrong(`a key is needed, not ${this.#shown()}`)
      const key = this.text()
      if (this.#peek() !== COLON) throw this.wrong(`a colon is needed, not ${this.#shown()}`)
      this.at += 1
      onMember(key)
    }
  }

  /** Calls back with the place of each entry, counted from 0; the callback reads it. */
  list(onEntry: (index: number) => void): void {
    this.#enter(OPEN_LIST)
    for (let index = 0; this.#goesOn(CLOSE_LIST, index === 0); index += 1) onEntry(index)
  }

  text(): string {
    this.#peek()
    const start = this.at
    const isEscaped = this.#passText()
    const { length } = this.#bytes.subarray(start, this.at)
    if (length > LONGEST_LINE) {
      throw this.wrong(`a text has ${length} bytes; at most ${LONGEST_LINE} are read`, start)
    }
    if (!isEscaped) return this.#bytes.toString('utf8', start + 1, this.at - 1)
    try {
      const text: string = JSON.parse(this.#bytes.toString('utf8', start, this.at))
      return wellFormed(text)
    } catch {
      throw this.wrong('a text holds an escape that JSON doesn’t have', start)
    }
  }

  /** A number, a flag or null as it is written. */
  word(): string {
    const byte = this.#peek()
    const start = this.at
    const bytes = this.#bytes
    if (byte !== undefined && isNumberByte(byte) && bytes[start + 1] !== 0x49) {
      let end = start + 1
      while (isNumberByte(bytes[end])) end += 1
      const text = bytes.toString('latin1', start, Math.min(end, start + LONGEST_NUMBER + 1))
      if (!NUMBER.test(text) || text.length > LONGEST_NUMBER) {
        throw this.wrong(`${JSON.stringify(text.slice(0, 40))} is not a number`)
      }
      this.at = end
      return text
    }
    const word = WORDS.find((one) => bytes.toString('latin1', start, start + one.length) === one)
    if (word === undefined) throw this.wrong(`a value can't start with ${this.#shown()}`)
    this.at += word.length
    return word
  }

  /** Passes the next value, whatever it is. */
  skip(): void {
    switch (this.kind()) {
      case 'object':
        this.object(() => this.skip())
        return
      case 'list':
        this.list(() => this.skip())
        return
      case 'text':
        this.#passText()
        return
      case null:
        throw this.wrong('it ends where a value is needed')
      default:
        this.word()
    }
  }

  /** File, line and byte, both counted from 1, as messages name them. */
  where(at: number = this.at): string {
    const before = this.#bytes.subarray(0, at)
    let line = 1
    for (let end = before.indexOf(0x0a); end >= 0; end = before.indexOf(0x0a, end + 1)) line += 1
    const start = before.lastIndexOf(0x0a) + 1
    return `${this.#source}, line ${line}, byte ${at - start + 1}`
  }

  wrong(problem: string, at: number = this.at): InputError {
    return new InputError({
      code: 'json-syntax',
      message: `The file is not JSON that can be read: ${problem}.`,
      where: this.where(at),
      hint: 'Write it with a library, for example with pandas: frame.to_json("embeddings.jsonl", orient="records", lines=True); if it was cut short, upload it again.',
    })
  }

  #peek(): number | undefined {
    const bytes = this.#bytes
    while (isSpace(bytes[this.at])) this.at += 1
    return bytes[this.at]
  }

  #enter(bracket: number): void {
    if (this.#peek() !== bracket) throw this.wrong(`this isn't expected: ${this.#shown()}`)
    this.at += 1
    this.#depth += 1
    if (this.#depth > MOST_DEPTH) {
      throw this.wrong(`more than ${MOST_DEPTH} lists and objects are within each other`)
    }
  }

  /** Whether an entry follows; passes the comma before it, or the bracket. */
  #goesOn(bracket: number, isFirst: boolean): boolean {
    const byte = this.#peek()
    if (byte === bracket) {
      this.at += 1
      this.#depth -= 1
      return false
    }
    if (isFirst) return true
    if (byte !== COMMA) throw this.wrong(`a comma is needed, not ${this.#shown()}`)
    this.at += 1
    if (this.#peek() === bracket) throw this.wrong('a comma stands before the end')
    return true
  }

  /** Whether it holds escapes. */
  #passText(): boolean {
    const bytes = this.#bytes
    const start = this.at
    let isEscaped = false
    for (let at = start + 1; ; at += 1) {
      const byte = bytes[at]
      if (byte === QUOTE) {
        this.at = at + 1
        return isEscaped
      }
      if (byte === BACKSLASH) {
        isEscaped = true
        at += 1
      } else if (byte === undefined) {
        throw this.wrong('it ends inside a text', start)
      } else if (byte < 0x20) {
        throw this.wrong('a text holds a line break or another control character', at)
      }
    }
  }

  #shown(): string {
    const byte = this.#bytes[this.at]
    if (byte === undefined) return 'the end of the file'
    return JSON.stringify(this.#bytes.toString('utf8', this.at, this.at + 12))
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** Digits, signs, the point and the exponent's letters. */
function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x2b ||
    byte === 0x65 ||
    byte === 0x45
  )
}
