/** Names of columns that hold contacts. */

import type { ContactKind } from './contact-forms.ts'

/** `name` of part of the column's name, `whole` of all of it. */
const NAMES: readonly {
  kind: ContactKind
  name: RegExp
  whole?: RegExp
  fits(text: string): boolean
}[] = [
  {
    kind: 'e-mail addresses',
    name: /^(?:e_?)?mails?$/,
    fits: (text) => /@|[([]at[)\]]/i.test(text),
  },
  {
    kind: 'telephone numbers',
    name: /^(?:tele)?phones?$|^tele(?:fon|fono|foon|phone)(?:_?(?:nummer|numero|nr|number|no))?$|^(?:handy|mobil|ruf)_?(?:nummer|nr)$|^(?:celular|movil|portable)$|^contact_(?:number|no|phone)$|^tel$|^(?:mobile|cell)_?(?:phone|number|no)?$|^handy$|^fax$|^whatsapp$|^msisdn$/,
    fits: hasDigits,
  },
  { kind: 'IBANs', name: /^iban$|^bank_account$|^account_(?:number|no)$/, fits: hasDigits },
  {
    kind: 'card numbers',
    name: /^(?:credit_?|debit_?)?card_?(?:number|no)$|^pan_number$/,
    fits: hasDigits,
  },
  {
    kind: 'national id numbers',
    name: /^ssn$|^social_security(?:_number|_no)?$|^national_id(?:_number)?$|^passport(?:_number|_no)?$|^tax_(?:id|number)$|^aadhaar$|^pesel$|^cpf$|^dni$|^nino$|^bsn$|^nhs_number$|^personnummer$/,
    fits: hasDigits,
  },
  { kind: 'IP addresses', name: /^ip(?:v[46])?(?:_?addr(?:ess)?)?$/, fits: hasDigits },
  {
    kind: 'street addresses',
    name: /^(?:street|home|postal|mailing|billing|shipping)_?(?:address|addr)$|^addr(?:ess)?_?line_?\d?$/,
    whole: /^addr(?:ess)?$|^street$|^anschrift$|^adresse$|^stra(?:ß|ss)e$/,
    fits: (text) => /\p{L}/u.test(text) && /[\d ]/.test(text) && !/^0x/i.test(text),
  },
  {
    kind: 'names of persons',
    name: /^(?:first|last|full|given|family|middle|sur|maiden)_?name$|^(?:person|patient|customer|client|contact|employee|user|student|member|guest|driver)s?_?name$|^surname$|^vorname$|^nachname$/,
    fits: isWord,
  },
]

const WHETHER = new Set(['has', 'is', 'with', 'num', 'n', 'count'])
const ABOUT = new Set('count type kind model brand os version rating length flag'.split(' '))

/** The kind of contact that a column's name speaks of, and whether an entry may be one; null for no kind. */
export function kindByName(
  column: string,
): { readonly kind: ContactKind; fits(text: string): boolean } | null {
  // `customerPhone`, `customer_phone` and `Phone (home)` name a telephone number as `phone` does.
  const words = column
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  // `has_email` and `is_mobile` say whether, not which.
  if (WHETHER.has(words[0] ?? '') || ABOUT.has(words.at(-1) ?? '')) return null
  const parts = words.flatMap((_, from) =>
    words.slice(from).map((_, length) => words.slice(from, from + length + 1).join('_')),
  )
  const entry = NAMES.find(
    ({ name, whole }) => whole?.test(words.join('_')) || parts.some((part) => name.test(part)),
  )
  return entry ?? null
}

function hasDigits(text: string): boolean {
  return text.replace(/\D/g, '').length >= 5
}

function isWord(text: string): boolean {
  return /\p{L}.*\p{L}/u.test(text) && !/^(?:yes|no|true|false|none|unknown|n\/a)$/i.test(text)
}
