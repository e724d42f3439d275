/** Times and dates as text in ISO 8601, to the last digit that the file has, on every machine. */

const SECONDS_A_DAY = 86_400

const parsersOf = (isUtc: boolean) => ({
  timestampFromMilliseconds: (millis: bigint) => isoTime(BigInt(millis), 3, isUtc),
  timestampFromMicroseconds: (micros: bigint) => isoTime(BigInt(micros), 6, isUtc),
  timestampFromNanoseconds: (nanos: bigint) => isoTime(BigInt(nanos), 9, isUtc),
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
})

/** What hyparquet's values become. */
export const PARSERS = parsersOf(true)
/** The same of a column whose times are those of a clock on some wall, of which nobody knows the zone. */
export const LOCAL_PARSERS = parsersOf(false)

const DECODER = new TextDecoder()

/**
 * @param ticks since the beginning of 1970
 * @param digits of a second's fraction that a tick is
 * @param isUtc whether the zone is known, which is UTC then
 */
export function isoTime(ticks: bigint, digits: number, isUtc: boolean): string {
  const { seconds, fraction } = secondsOf(ticks, digits)
  const whole = new Date(seconds * 1000)
  if (Number.isNaN(whole.getTime())) return String(ticks)
  const [text] = whole.toISOString().split('.')
  return `${text}${fraction}${isUtc ? 'Z' : ''}`
}

/** `18:30:00.25`, of ticks since midnight. */
export function timeOfDay(ticks: bigint, digits: number): string {
  const { seconds, fraction } = secondsOf(ticks, digits)
  if (!(seconds >= 0 && seconds < SECONDS_A_DAY)) return String(ticks)
  return `${new Date(seconds * 1000).toISOString().slice(11, 19)}${fraction}`
}

function secondsOf(ticks: bigint, digits: number): { seconds: number; fraction: string } {
  const perSecond = 10n ** BigInt(digits)
  const rest = ((ticks % perSecond) + perSecond) % perSecond
  const text = digits === 0 ? '' : String(rest).padStart(digits, '0').replace(/0+$/, '')
  return { seconds: Number((ticks - rest) / perSecond), fraction: text === '' ? '' : `.${text}` }
}

export function isoDay(days: number): string {
  const date = new Date(days * SECONDS_A_DAY * 1000)
  return Number.isNaN(date.getTime()) ? String(days) : date.toISOString().slice(0, 10)
}
