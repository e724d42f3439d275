/** Decimals of Parquet and Arrow, to their last digit. */

/** A double holds each decimal of so many digits, and gives the same digits back. */
const MOST_EXACT_DIGITS = 15
/** Bytes of 10^76, more than any writer has digits for. */
const LONGEST = 32

/**
 * A number where a double holds it, else the whole number, else its digits as text.
 *
 * @param raw the number without its point: whole, or bytes of two's complement, the highest first
 * @param scale digits behind the point
 */
export function decimalOf(raw: unknown, scale: number): number | bigint | string {
  const unscaled = raw instanceof Uint8Array ? wholeOf(raw) : BigInt(raw as number | bigint)
  if (!(scale >= 0 && scale <= 76)) throw new RangeError(`a decimal claims a scale of ${scale}`)
  if (scale === 0) {
    const number = Number(unscaled)
    return Number.isSafeInteger(number) ? number : unscaled
  }
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const text = `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return digits.length <= MOST_EXACT_DIGITS ? Number(text) : text
}

function wholeOf(bytes: Uint8Array): bigint {
  if (bytes.length > LONGEST) throw new RangeError(`a decimal claims ${bytes.length} bytes`)
  if (bytes.length === 0) return 0n
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}
