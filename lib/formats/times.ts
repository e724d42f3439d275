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

/** NumPy's sign for a time that is missing. */
const NOT_A_TIME = -(2n ** 63n)
const SECONDS: Readonly<Record<string, bigint>> = {
  s: 1n,
  m: 60n,
  h: 3600n,
  D: 86_400n,
  W: 604_800n,
}
const FRACTIONS: Readonly<Record<string, number>> = { ms: 3, us: 6, ns: 9, ps: 12, fs: 15, as: 18 }

/** A `datetime64` as text: a day where it counts days or more, else to its last digit; empty where it is missing. */
export function isoText(
  value: bigint,
  { name, count }: { readonly name: string; readonly count: number },
): string {
  if (value === NOT_A_TIME) return ''
  const ticks = value * BigInt(count)
  if (name === 'Y') return String(1970n + ticks)
  if (name === 'M') {
    const month = ((ticks % 12n) + 12n) % 12n
    return `${1970n + (ticks - month) / 12n}-${String(month + 1n).padStart(2, '0')}`
  }
  const digits = FRACTIONS[name]
  if (digits !== undefined) return isoTime(ticks, 10n ** BigInt(digits), digits)
  const seconds = ticks * (SECONDS[name] ?? 1n)
  if (name === 'D' || name === 'W') return isoDay(Number(seconds / 86_400n))
  return isoTime(seconds, 1n, 0)
}
