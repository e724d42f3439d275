/** Times and dates as text in ISO 8601, to the last digit that the file has, on every machine. */

const SECONDS_A_DAY = 86_400

export const PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => isoTime(BigInt(millis), 1_000n, 3),
  timestampFromMicroseconds: (micros: bigint) => isoTime(BigInt(micros), 1_000_000n, 6),
  timestampFromNanoseconds: (nanos: bigint) => isoTime(BigInt(nanos), 1_000_000_000n, 9),
  dateFromDays: (days: number) => isoDay(days),
  stringFromBytes: (bytes: Uint8Array) => bytes && DECODER.decode(bytes),
  jsonFromBytes: (bytes: Uint8Array) => bytes && DECODER.decode(bytes),
  geometryFromBytes: () => '',
  geographyFromBytes: () => '',
  uuidFromBytes: (bytes: Uint8Array) =>
    bytes &&
    Buffer.from(bytes)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
}

const DECODER = new TextDecoder()

/**
 * @param ticks since 1970, UTC
 * @param digits of a second's fraction that a tick is
 */
export function isoTime(ticks: bigint, perSecond: bigint, digits: number): string {
  const rest = ((ticks % perSecond) + perSecond) % perSecond
  const seconds = Number((ticks - rest) / perSecond)
  const whole = new Date(seconds * 1000)
  if (Number.isNaN(whole.getTime())) return String(ticks)
  const fraction = digits === 0 ? '' : String(rest).padStart(digits, '0').replace(/0+$/, '')
  const [text] = whole.toISOString().split('.')
  return `${text}${fraction === '' ? '' : `.${fraction}`}Z`
}

export function isoDay(days: number): string {
  const date = new Date(days * SECONDS_A_DAY * 1000)
  return Number.isNaN(date.getTime()) ? String(days) : date.toISOString().slice(0, 10)
}
