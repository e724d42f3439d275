/** What a decoder met in a file that is damaged, in words for people. */

const LONGEST = 200
/** What engines say of a program that went wrong at bytes that can't be. */
const INTERNAL =
  /^(?:Cannot |Can't |Invalid (?:typed array|array|string|count|array buffer|time|DataView) |[\w.]+ is not (?:a |an |iterable|defined)|Offset is outside|offset is out|start offset|byte length of|Start offset|Maximum call stack|The (?:value|argument|first argument|number)|The "|BigInt |Unexpected |Array buffer allocation|undefined|null|Reduce of|Value )/

/**
 * Short and in plain words: what a library says of the file is kept, up to 200 characters, and what the
 * engine says of the library isn't.
 */
export function damageText(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  const isInternal =
    cause instanceof TypeError ||
    text === '' ||
    INTERNAL.test(text) ||
    /undefined|<Unknown>|NaN/.test(text)
  if (isInternal) return 'its bytes contradict each other'
  const plain = text.replace(/\.$/, '')
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain
}

/** Whether a decoder threw it, at bytes that can't be; trouble of a store has a class and a code of its own. */
export function isDamage(cause: unknown): boolean {
  return (
    cause instanceof RangeError ||
    cause instanceof TypeError ||
    (cause instanceof Error && (cause.constructor === Error || !('code' in cause)))
  )
}
