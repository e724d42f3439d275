import { describe, expect, it } from 'vitest'
import { createTerminal } from '../../../functions/commands/terminal.ts'

function terminal(isTTY: boolean, verbose = false) {
  const written: string[] = []
  let now = 0
  const stream = { write: (text: string) => written.push(text), isTTY, columns: 40 }
  return {
    ...createTerminal({ stream, now: () => now, verbose }),
    written,
    at: (ms: number) => {
      now = ms
    },
  }
}

describe('progress', () => {
  it('says nothing about work that takes less than two seconds', () => {
    const screen = terminal(true)
    screen.begin('digits/a')
    screen.at(1_999)
    screen.progress({ stage: 'neighbors', fraction: 0.5 })
    expect(screen.written).toEqual([])
  })

  it('redraws one line on a terminal, and takes it away for a message', () => {
    const screen = terminal(true)
    screen.begin('digits/a')
    screen.at(3_000)
    screen.progress({ stage: 'neighbors', fraction: 0.5 })
    screen.progress({ stage: 'neighbors', fraction: 0.51 })
    screen.at(3_200)
    screen.progress({ stage: 'neighbors', fraction: 0.6 })
    screen.say('done')
    expect(screen.written).toEqual([
      'digits/a: finding neighbours, 50 %, 3 s',
      '\r\x1b[2K',
      'digits/a: finding neighbours, 60 %, 3 s',
      '\r\x1b[2K',
      'done\n',
    ])
  })

  it('cuts a line that would wrap, since a wrapped line is not redrawn', () => {
    const screen = terminal(true)
    screen.begin('a-project/with-a-very-long-name-indeed')
    screen.at(3_000)
    screen.progress({ stage: 'neighbors', fraction: 0.5 })
    expect(screen.written[0]).toHaveLength(39)
  })

  it('writes a line for each stage, and every ten seconds, where lines stay', () => {
    const screen = terminal(false)
    screen.begin('digits/a')
    for (const [ms, stage] of [
      [3_000, 'neighbors'],
      [9_000, 'neighbors'],
      [13_000, 'neighbors'],
      [13_100, 'metrics'],
    ] as const) {
      screen.at(ms)
      screen.progress({ stage, fraction: 0.25 })
    }
    expect(screen.written).toEqual([
      'digits/a: finding neighbours, 25 %, 3 s\n',
      'digits/a: finding neighbours, 25 %, 13 s\n',
      'digits/a: computing figures, 25 %, 13 s\n',
    ])
  })
})

describe('log lines', () => {
  it('shows information only where more is asked for, and warnings always', () => {
    const brief = terminal(false)
    brief.log.info('read', { rows: 3 })
    brief.log.warn('odd', { rows: 3 })
    expect(brief.written).toEqual(['warning: odd\n'])
    const verbose = terminal(false, true)
    verbose.log.info('read', { rows: 3 })
    expect(verbose.written).toEqual(['read {"rows":3}\n'])
  })
})
