import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '../../../lib/core/table.ts'
import { FILES } from '../../../lib/dataset/contact-forms.ts'
import { contactReason, isContact } from '../../../lib/dataset/contacts.ts'

const text = (values: string[], name = 'c'): Column => ({ name, type: 'text', values })
const numbers = (values: number[], name = 'c'): Column => ({
  name,
  type: 'number',
  values: Float64Array.from(values),
})

describe('columns that look like contacts', () => {
  it.each<[string, string[]]>([
    ['e-mail addresses', ['seen twice', "ask ann.o'hara@mail.example.co.uk first", '']],
    ['e-mail addresses', ['müller@bücher.example', 'ana@correio.pt']],
    ['telephone numbers', ['+49 151 2345678', '+1 (555) 123-4567', '+33.1.23.45.67.89']],
    ['telephone numbers', ['+15551234567', 'none', 'none', 'none']],
    ['telephone numbers', ['(555) 123-4567', '(555) 987-6543']],
    ['telephone numbers', ['555-234-4567', '555-987-6543']],
    ['telephone numbers', ['0151 23456789', '030/1234567', '06 12 34 56 78']],
    ['telephone numbers', ['tel:+15551234567']],
    // Of Ofcom and the others that keep numbers for fiction, where there are such.
    ['telephone numbers', ['555-123-4567', '555.123.4567 x12']],
    ['telephone numbers', ['07700900123', '07700900456']],
    ['telephone numbers', ['0612345678', '0698765432']],
    ['telephone numbers', ['089 / 123456', '0170-1234567']],
    ['telephone numbers', ['138 0013 8000', '13912345678']],
    ['telephone numbers', ['090-1234-5678', '03-1234-5678']],
    ['telephone numbers', ['98765 43210', '91234 56789']],
    ['telephone numbers', ['8 (495) 123-45-67', 'n/a', 'none', '-', 'unknown', 'null']],
    ['telephone numbers', ['612 34 56 78', '698 76 54 32']],
    ['telephone numbers', ['00491512345678', '00441612345678']],
    [
      'telephone numbers',
      ['Tel. +49 151 2345678', '☎ +49 151 2345679', 'https://wa.me/491512345678'],
    ],
    ['telephone numbers', ['{"who":{"phone":"+49 151 2345678"}}', '["+49 151 2345679"]']],
    ['IP addresses', ['{"ip":"192.168.0.1"}', '{"ip":"10.0.0.1"}']],
    ['IBANs', ['gb29 nwbk 6016 1331 9268 19', '{"iban":"DE89370400440532013000"}']],
    ['e-mail addresses', ['anna (at) example.org']],
    ['e-mail addresses', ['anna%40example.org']],
    ['e-mail addresses', ['anna＠example.org']],
    // The examples of ISO 13616's registry.
    ['IBANs', ['DE89370400440532013000', 'GB29 NWBK 6016 1331 9268 19']],
    // Test numbers of the card schemes.
    ['card numbers', ['4111111111111111', '5555 5555 5555 4444', '3782-822463-10005']],
    ['IP addresses', ['192.168.0.1', '10.1.2.3/24', '2001:db8::ff00:42:8329']],
    ['national id numbers', ['078-05-1120', '219-09-9999']],
    ['national id numbers', ['AB123456C', 'QQ 12 34 56 C']],
    ['national id numbers', ['12345678Z', 'X1234567L']],
    ['national id numbers', ['529.982.247-25', '111.444.777-35']],
    ['national id numbers', ['811218-9876', '19811218-9876']],
    ['street addresses', ['12 Main Street', '221b Baker St, London']],
    ['street addresses', ['Hauptstraße 5', 'Lindenallee 12a, 10115 Berlin']],
    ['street addresses', ['12 rue de la Paix, Paris', '3 bis avenue Foch']],
  ])('are told by their entries: %s, %j', (kind, values) => {
    expect(contactReason(text(values))).toContain(kind)
  })

  it.each<[string, string, Column['values'] & ArrayLike<unknown>]>([
    ['phone', 'telephone numbers', Float64Array.of(15551234567, 15557654321)],
    ['customerPhone', 'telephone numbers', ['555 01 23', '555 45 67'] as never],
    ['Phone (home)', 'telephone numbers', ['23 45 67', '45 67 89'] as never],
    ['Téléphone', 'telephone numbers', ['12 34 56', '23 45 67'] as never],
    ['Handynummer', 'telephone numbers', Float64Array.of(1511234567, 1511234568)],
    ['patient_name', 'names of persons', ['Ann', 'Bob'] as never],
    ['ssn', 'national id numbers', Float64Array.of(123456789, 987654321)],
    ['e-mail', 'e-mail addresses', ['ann(at)example', 'bob(at)example'] as never],
    ['first_name', 'names of persons', ['Ann', 'Bob'] as never],
    ['customer name', 'names of persons', ['Ann Low', 'Bob High'] as never],
    ['patientName', 'names of persons', ['Ann Low', 'Bob High'] as never],
    ['address', 'street addresses', ['Nygade 4', 'Algade 71'] as never],
  ])('are told by their name: %s', (name, kind, values) => {
    const column =
      values instanceof Float64Array
        ? numbers([...values], name)
        : text([...(values as never as string[])], name)
    expect(contactReason(column)).toBe(`its name is that of ${kind}`)
  })

  it.each<[string, string[]]>([
    ['has_email', ['true', 'false']],
    ['phone_model', ['iPhone 12', 'SM-G991B']],
    ['mobile', ['yes', 'no']],
    ['mail_class', ['spam', 'ham']],
    ['file_name', ['img_0001.png', 'img_0002.png']],
    ['name', ['retriever', 'poodle']],
    ['image_address', ['img/1.png', 'img/2.png']],
    ['firmware_version', ['10.0.0.1', '10.0.0.2']],
    ['icon', ['icon@2x.png', 'icon@3x.png']],
    ['package', ['left-pad@1.3.0', 'react@18.2.0']],
    ['day', ['2024-01-02', '01-02-2024']],
    ['day', ['01/02/2024', '02.01.2024']],
    ['at', ['2024-01-02T03:04:05+02:00', '12:34:56']],
    ['place', ['+52.5200 13.4050', '-33.8688 151.2093']],
    ['delta', ['+0.25', '-1.5e-3', 'n/a']],
    ['sku', ['0001-000234', '0001-000235']],
    ['part', ['001-002-0003', '001-002-0004']],
    ['isbn', ['978-3-16-148410-0', '978-0-306-40615-7']],
    ['ean', ['4006381333931', '4012345678901']],
    ['address', ['0x7fff12345678', '0x7fff12345679']],
    ['thousands', ['1 000 000', '2 345 678']],
    ['zip', ['12345-6789', '98765-4321']],
    ['padded', ['0012345678', '0012345679']],
    ['box', ['[10, 20, 30, 40]', '{"x": 1, "y": 2}']],
    ['mac', ['aa:bb:cc:dd:ee:ff', '00:11:22:33:44:55']],
    ['lens', ['50 mm', '35 mm f/1.8']],
    ['note', ['good', 'dark, blurred']],
    ['sequence', ['ACGTACGTACGTACGT', 'TTGACCAGTACCA']],
  ])('are not %s: %j', (name, values) => {
    expect(contactReason(text(values, name))).toBeNull()
  })

  const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 8, maxLength: 60 })

  it('are no ids, times, numbers or files, whatever they hold', () => {
    const harmless: fc.Arbitrary<string> = fc.oneof(
      fc.uuid(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc
        .date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2033-01-01') })
        .map((date) => String(date.getTime())),
      fc.integer().map(String),
      fc.double({ noNaN: true }).map(String),
      fc.stringMatching(/^[a-z]{2,12}[-_]\d{1,6}\.(jpg|png|dcm|wav)$/),
      fc.stringMatching(/^[0-9a-f]{40}$/),
      fc.stringMatching(/^\/data\/[a-z]{1,8}\/[a-z0-9_]{1,12}\.npy$/),
    )
    fc.assert(
      fc.property(many(harmless), (values) => {
        expect(contactReason(text(values))).toBeNull()
      }),
    )
    fc.assert(
      fc.property(
        many(fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.maxSafeInteger())),
        (values) => {
          expect(contactReason(numbers(values))).toBeNull()
        },
      ),
    )
  })

  it('are found wherever one address stands', () => {
    fc.assert(
      fc.property(fc.emailAddress(), many(fc.lorem({ maxCount: 4 })), (mail, values) => {
        fc.pre(!FILES.has(mail.split('.').at(-1)!.toLowerCase()))
        expect(contactReason(text([...values, `see ${mail}`, ...values]))).toContain('e-mail')
        expect(isContact(mail)).toBe(true)
      }),
    )
  })
})

describe('a form that a part of the entries has', () => {
  const words = (count: number) => Array.from({ length: count }, (_, at) => `word ${at}`)
  const phones = (count: number) => Array.from({ length: count }, (_, at) => `+49 151 234567${at}`)
  const addresses = (count: number) => Array.from({ length: count }, (_, at) => `10.0.0.${at + 1}`)

  it('is no coincidence from a fifth of them on', () => {
    expect(contactReason(text([...phones(2), ...words(8)]))).toContain('2 of 10 entries')
    expect(contactReason(text([...phones(2), ...words(9)]))).toBeNull()
  })

  it('that other things have too is none from a half of them on', () => {
    expect(contactReason(text([...addresses(5), ...words(5)]))).toContain('5 of 10 entries')
    expect(contactReason(text([...addresses(5), ...words(6)]))).toBeNull()
  })
})
