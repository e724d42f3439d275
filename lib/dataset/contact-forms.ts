/** The forms that contacts are written in, by what they are told from other texts by. */

import { isIP } from 'node:net'

export type ContactKind =
  | 'e-mail addresses'
  | 'telephone numbers'
  | 'IBANs'
  | 'card numbers'
  | 'IP addresses'
  | 'national id numbers'
  | 'street addresses'
  | 'names of persons'

const MAIL = /[^\s@<>"(),;:]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}(\p{L}{2,24})(?![\p{L}\p{N}])/u
/** `icon@2x.png` is a file. Endings that are countries' too, such as pt, aren't among them. */
export const FILES: ReadonlySet<string> = new Set(
  'png jpg jpeg gif webp avif svg bmp tif tiff heic ico raw npy npz csv tsv json jsonl txt xml yaml yml html htm parquet arrow gz tar mp3 mp4 wav flac ogg avi mkv webm pdf dcm nii pth bin dat js ts'.split(
    ' ',
  ),
)

export function hasMail(entry: string): boolean {
  // As addresses are written in a link, in full width, and against those who collect them.
  const text = entry
    .replaceAll('%40', '@')
    .replaceAll('＠', '@')
    .replace(/\s?[([{]\s?at\s?[)\]}]\s?/gi, '@')
  const ending = text.includes('@') ? MAIL.exec(text)?.[1] : undefined
  return ending !== undefined && !FILES.has(ending.toLowerCase())
}

/** Told by a form that next to nothing else has, or by one that other things have too. */
export const FORMS: readonly { kind: ContactKind; weak?: boolean; is(text: string): boolean }[] = [
  { kind: 'telephone numbers', is: isPhone },
  { kind: 'telephone numbers', weak: true, is: isLocalPhone },
  { kind: 'IBANs', is: isIban },
  { kind: 'national id numbers', is: isNationalId },
  { kind: 'national id numbers', weak: true, is: isShortNationalId },
  { kind: 'card numbers', weak: true, is: isCard },
  { kind: 'IP addresses', weak: true, is: isAddress },
  { kind: 'street addresses', weak: true, is: (text) => STREETS.some((form) => form.test(text)) },
]

function isAddress(text: string): boolean {
  return isIP(text) > 0 || isIP(text.replace(/[/:]\d{1,5}$/, '')) > 0
}

const PHONES = [
  /^tel:\+?\d/i,
  /^(?:https?:\/\/)?wa\.me\/\d+$/i,
  // International: +49 (151) 234-5678, +15551234567, +33.1.23.45.67.89
  /^\+[1-9]\d{0,2}(?:[ -]?\(?\d{1,5}\)?)(?:[ /-]?\d{2,8}){1,5}$/,
  /^\+[1-9]\d{0,2}(?:\.\d{1,10}){2,6}$/,
  /^00[1-9]\d{0,2}[ /-]\d{1,5}(?:[ /-]?\d{2,8}){1,5}$/,
  // Russia: 8 (495) 123-45-67
  /^[78] ?\(\d{3,5}\) ?\d{1,3}(?:[ -]?\d{2}){2}$/,
  /^(?:\+?1[ .-]?)?\(\d{2,5}\) ?\d{3,5}[ .-]?\d{3,5}$/,
]

/** What stands before a number, or after it, and isn't of it: Tel. +49 151 2345678, 555-123-4567 x12. */
const AROUND_PHONE =
  /^(?:tel|phone|ph|fax|mobile?|cell|whatsapp|call|☎|📞)[.:]?\s*(?=[+(\d])|(?<=\d)\s*(?:x|ext\.?|#)\s?\d{1,5}$/giu

function isPhone(entry: string): boolean {
  const text = entry.replace(AROUND_PHONE, '')
  const digits = text.replace(/\D/g, '').length
  // `001-002-0003` is a number of a product: abroad begins with two zeros, and numbers there are longer.
  const fewest = text.startsWith('00') ? 11 : 8
  return digits >= fewest && digits <= 15 && PHONES.some((form) => form.test(text))
}

const LOCAL_PHONES = [
  // 555-123-4567
  /^(?:1[ .-])?[2-9]\d{2}([ .-])\d{3}\1\d{4}$/,
  // Mobile numbers of the United Kingdom, France, Germany, Australia and Japan, without a space.
  /^0(?:7\d{9}|[67]\d{8}|1[5-7]\d{8,9}|4\d{8}|[5-9]0\d{8})$/,
  // 00491512345678; China: 138 0013 8000; India: 98765 43210; Spain: 612 34 56 78
  /^00[1-9]\d{9,12}$/,
  /^1[3-9]\d([ -]?)\d{4}\1\d{4}$/,
  /^[6-9]\d{4}[ -]\d{5}$/,
  /^[679]\d{2}(?: \d{2}){3}$/,
]

/** Besides these 0151 23456789, 030/1234567, 0151-23456789, 06 12 34 56 78. */
function isLocalPhone(entry: string): boolean {
  const text = entry.replace(AROUND_PHONE, '')
  if (LOCAL_PHONES.some((form) => form.test(text))) return true
  // Days are written so too.
  if (/^\d{1,4}([ ./-])\d{1,2}\1\d{1,4}$/.test(text)) return false
  const digits = text.replace(/\D/g, '').length
  return (
    digits >= 8 &&
    digits <= 13 &&
    (/^0[1-9]\d{0,4}(?: ?\/ ?| )\d{2,}(?:[ -]?\d{2,8}){0,4}$/.test(text) ||
      /^0[1-9]\d{0,3}-\d{3,8}(?:-\d{4})?$/.test(text))
  )
}

function isIban(text: string): boolean {
  const plain = text.replace(/[ -]/g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(plain)) return false
  // ISO 13616: letters are 10 to 35, the first four stand last, the whole is 1 modulo 97.
  const digits = `${plain.slice(4)}${plain.slice(0, 4)}`.replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  )
  let rest = 0
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

export function isCard(text: string): boolean {
  if (!/^\d{4}([ -]?)\d{4,6}\1\d{4,5}(?:\1\d{1,4})?$/.test(text)) return false
  const digits = text.replace(/\D/g, '')
  return (
    digits.length >= 13 &&
    digits.length <= 19 &&
    /^(?:4|5[1-5]|2[2-7]|3[0-8]|6[0245])/.test(digits) &&
    hasLuhnDigit(digits)
  )
}

/** ISO/IEC 7812: every second digit from the end twice, digits summed, a multiple of ten. */
function hasLuhnDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const twice = Number(digit) * (at % 2 === 0 ? 1 : 2)
    return total + (twice > 9 ? twice - 9 : twice)
  }, 0)
  return sum % 10 === 0
}

function isNationalId(text: string): boolean {
  // United States.
  if (/^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(text)) return true
  // United Kingdom, Italy.
  if (/^(?![DFIQUV])[A-Z](?![DFIOQUV])[A-Z]( ?)\d{2}\1\d{2}\1\d{2}\1[A-D]$/.test(text)) return true
  if (/^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/i.test(text)) return true
  // Brazil: two check digits.
  return /^\d{3}\.\d{3}\.\d{3}-\d{2}$/.test(text) && hasCpfDigits(text.replace(/\D/g, ''))
}

function isShortNationalId(text: string): boolean {
  // Spain: the letter follows from the number.
  const dni = /^([XYZ]?)(\d{7,8})-?([A-Z])$/i.exec(text)
  if (dni && (dni[1] === '') === (dni[2]!.length === 8)) {
    const number = Number(`${'XYZ'.indexOf(dni[1]!.toUpperCase() || 'X')}${dni[2]}`)
    if ('TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === dni[3]!.toUpperCase()) return true
  }
  // Sweden: a day, three digits and Luhn's.
  const person = /^(?:\d{2})?(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))[-+](\d{4})$/.exec(text)
  return person !== null && hasLuhnDigit(`${person[1]}${person[2]}`)
}

function hasCpfDigits(digits: string): boolean {
  return [9, 10].every((count) => {
    let sum = 0
    for (let at = 0; at < count; at++) sum += Number(digits[at]) * (count + 1 - at)
    return ((sum * 10) % 11) % 10 === Number(digits[count])
  })
}

const STREETS = [
  /^\d{1,5}[a-z]?,? (?:[\p{L}.'-]+ ){1,4}(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|highway|hwy)\b/iu,
  /^\p{L}[\p{L}. -]{1,40}(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|damm|ufer|laan|straat)\s?\d{1,4}\s?[a-z]?\b/iu,
  /^\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|chemin|allée|quai|impasse) \p{L}/iu,
  /^(?:calle|avenida|plaza|via|viale|piazza|rua) \p{L}[\p{L} .'-]{1,40},? ?(?:n[ºo°.]? ?)?\d{1,4}\b/iu,
]
