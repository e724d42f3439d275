/** Numbers and names read as a person would write them. */

import { describe, expect, it } from 'vitest'
import * as format from '../../../../reports/words/format.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('numbers', () => {
  it('never rounds a share to all or to none', () => {
    expect(plain(format.share(0.99999))).toBe('> 99.9 %')
    expect(plain(format.share(0.00001))).toBe('< 0.1 %')
    expect(plain(format.share(1))).toBe('100 %')
    expect(plain(format.share(0))).toBe('0 %')
    expect(plain(format.share(0.53515))).toBe('53.5 %')
    expect(format.share(null)).toBe('–')
    expect(format.share(Number.NaN)).toBe('–')
  })

  it('says an interval with its unit once', () => {
    expect(plain(format.interval([0.5129, 0.5574], 'share'))).toBe('51.3 to 55.7 %')
    expect(format.interval([0.0312, 0.04], 'distance')).toBe('0.0312 to 0.0400')
  })

  it('tells what the order of equal distances gives where that can be seen', () => {
    const tied = (low: number, high: number) => format.tieText({ unit: 'share', ties: [low, high] })
    expect(tied(0.58001, 0.58002)).toBeNull()
    expect(plain(tied(0.5794, 0.5796)!)).toBe('57.9 to 58.0 %')
    expect(format.tieText({ unit: 'share' })).toBeNull()
  })

  it('keeps a p-value on one line', () => {
    expect(plain(format.pValue(0.00002))).toBe('p < 0.001')
    expect(plain(format.pValue(0.3771))).toBe('p = 0.38')
    expect(format.pValue(0.38)).not.toContain(' ')
    expect(format.pValue(null)).toBe('not tested')
  })

  it('keeps distances to three digits, whatever their scale', () => {
    expect(
      [0.03118, 12.344, 12345, 0.0000123, 0, -0.5].map((value) => format.decimal(value)),
    ).toEqual(['0.0312', '12.3', '12,345', '1.23e−5', '0', '−0.500'])
    expect(format.setting(0.05)).toBe('0.05')
  })

  it('tells distances apart, and their changes, whatever their scale', () => {
    expect(format.range(1.00003, 1.00011)).toBe('1.000030 to 1.000110')
    expect(format.range(2e-7, 3e-7)).toBe('2.00e−7 to 3.00e−7')
    expect(format.range(0.5, 0.5)).toBe('0.500 to 0.500')
    expect(format.distanceAmong(1.00004, [1, 1.00014])).toBe('1.00004')
    expect(format.distanceAmong(1.2e-5, [0, 3e-5])).toBe('1.20e−5')
    expect(format.changeFrom(2e-5, 1.5e-5)).toBe('−5.00e−6')
    expect(format.changeFrom(0.5, 0.512)).toBe('+0.0120')
    expect(format.changeFrom(2e7, 3e7)).toBe('+1.00e+7')
    expect(format.changeFrom(1000, 1000.4)).toBe('±0')
    expect(format.changeFrom(0, 0)).toBe('±0')
  })

  it('writes changes with their sign', () => {
    expect([1.24, -0.44, 0.01].map((value) => format.change(value))).toEqual(['+1.2', '−0.4', '±0'])
    expect(plain(format.points(1.04))).toBe('1.0 points')
    expect(plain(format.points(0.01))).toBe('< 0.1 points')
  })

  it('writes sizes, times and dates', () => {
    expect(format.bytes(1)).toBe('1 byte')
    expect(format.bytes(155_384)).toBe('155 KB')
    expect(format.bytes(2_500_000)).toBe('2.5 MB')
    expect([41, 3210, 720_000].map(format.duration)).toEqual(['41 ms', '3.2 s', '12 min'])
    expect(format.dateTime('2026-11-20T09:30:00.000Z')).toBe('20 Nov 2026, 09:30 UTC')
    expect(format.day('2026-11-02T09:30:00.000Z')).toBe('2 Nov 2026')
    expect(format.dateTime('soon')).toBe('soon')
  })
})

describe('names', () => {
  it('are cut in the middle, by letters and not by code units', () => {
    const short = format.shortened('😀'.repeat(100), 11)
    expect([...short]).toHaveLength(11)
    expect(short).not.toMatch(/\ufffd/)
    expect(format.shortened('abcdefghij', 10)).toBe('abcdefghij')
    expect(format.shortened('abcdefghijk', 10)).toBe('abcdef…ijk')
  })

  it('are isolated where they run from right to left', () => {
    expect(format.named('تفاح')).toBe('\u2068تفاح\u2069')
    expect(format.named('apple')).toBe('apple')
    expect(format.named('')).toBe('(empty)')
  })

  it('are cut before the words around them, in a title that is too long', () => {
    const [a, b] = ['first kind of thing '.repeat(4), 'second kind of thing '.repeat(4)]
    const title = `Tell ${a} and ${b} apart`
    const cut = format.titleText({ title, classes: [a, b] }, 90)
    expect(cut).toMatch(/^Tell first kind of \S*….* and second kind of \S*….* apart$/)
    expect(cut.length).toBeLessThanOrEqual(90)
    expect(format.titleText({ title: 'Tell a and b apart', classes: ['a', 'b'] }, 90)).toBe(
      'Tell a and b apart',
    )
    expect(format.titleText({ title, classes: [] }, 40)).toHaveLength(40)
  })

  it('without a space are cut in a sentence that doesn’t know them', () => {
    const path = `/pictures/${'folder/'.repeat(12)}0042.jpeg`
    const text = `Nearest to most: ${path} (3 errors).`
    const told = format.sentence(text, [])
    expect(plain(format.sentence(text))).toBe(text)
    expect(told).toMatch(/^Nearest to most: \/pictures\/folder.*….*0042\.jpeg \(3 errors\)\.$/)
    expect(told.length).toBeLessThan(90)
  })

  it('of a pair get room around the slash where they are long', () => {
    expect(format.pairName('1', '8')).toBe('1/8')
    expect(format.pairName('sky & weather', 'geometric')).toBe('sky & weather / geometric')
  })
})

describe('what an item is worth', () => {
  const told = (gain: number, stake: number) =>
    format.stakeText({ gain, stake }).replaceAll('\u00a0', ' ')

  it('is its gain, or what it makes doubtful where that is more', () => {
    expect(told(7.21, 7.21)).toBe('up to 7.2 points')
    expect(told(0, 0)).toBe('no gain in accuracy')
    expect(told(0, 3.02)).toBe('up to 3.0 points unproven')
  })
})
