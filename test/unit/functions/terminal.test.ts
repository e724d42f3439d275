import { describe, expect, it } from 'vitest'
import { createTerminal } from '../../../functions/commands/terminal.ts'

function terminal(isTTY: boolean, verbose = false, columns = 80) {
  const written: string[] = []
  let now = 0
  const stream = { write: (text: string) => written.push(text), isTTY, columns }
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
      'digits/a: finding neighbours (4 of 14), 50 %, 3 s so far',
      '\r\x1b[2K',
      'digits/a: finding neighbours (4 of 14), 60 %, 3 s so far',
      '\r\x1b[2K',
      'done\n',
    ])
  })

  it('tells what comes over the network by its bytes, of what it may be', () => {
    const screen = terminal(false)
    screen.begin('digits/a', 2_100_000_000)
    screen.received(1_000_000)
    screen.at(3_000)
    screen.received(119_999_999)
    screen.received(1)
    screen.at(13_000)
    screen.received(1_080_000_000)
    screen.at(23_000)
    screen.received(900_000_000)
    screen.begin('https://example.com/a.npz')
    screen.at(26_000)
    screen.received(1)
    expect(screen.written).toEqual([
      'digits/a: fetching 120 MB of 2.10 GB at most, 3 s so far\n',
      'digits/a: fetching 1.20 GB of 2.10 GB at most, 13 s so far\n',
      'digits/a: fetching 2.10 GB, 23 s so far\n',
      'https://example.com/a.npz: fetching 0 MB, 3 s so far\n',
    ])
  })

  it('tells what is left of a stage by how far it came, and nothing where the stage doesn’t tell', () => {
    const screen = terminal(false)
    screen.begin('digits/a')
    screen.at(3_000)
    screen.progress({ stage: 'metrics', fraction: 0 })
    screen.at(10_000)
    screen.progress({ stage: 'projection', fraction: 0 })
    screen.at(20_000)
    screen.progress({ stage: 'projection', fraction: 0.25 })
    screen.at(410_000)
    screen.progress({ stage: 'projection', fraction: 0.5 })
    expect(screen.written).toEqual([
      'digits/a: computing figures (7 of 14), 3 s so far\n',
      'digits/a: drawing the map (9 of 14), 10 s so far\n',
      'digits/a: drawing the map (9 of 14), 25 %, about 30 s more, 20 s so far\n',
      'digits/a: drawing the map (9 of 14), 50 %, about 7 min more, 7 min so far\n',
    ])
  })

  it('shortens a name where the line would wrap, since a wrapped line is not redrawn', () => {
    const screen = terminal(true, false, 60)
    screen.begin('a-project/with-a-very-long-name-indeed')
    screen.at(3_000)
    screen.progress({ stage: 'neighbors', fraction: 0.5 })
    expect(screen.written[0]).toHaveLength(59)
    expect(screen.written[0]).toBe(
      '…name-indeed: finding neighbours (4 of 14), 50 %, 3 s so far'.slice(0, 59),
    )
  })

  it('writes a line for a stage, and every ten seconds, where lines stay', () => {
    const screen = terminal(false)
    screen.begin('digits/a')
    for (const [ms, stage] of [
      [3_000, 'neighbors'],
      [9_000, 'neighbors'],
      [13_000, 'neighbors'],
      [13_100, 'metrics'],
      [15_100, 'projection'],
      [15_200, 'findings'],
    ] as const) {
      screen.at(ms)
      screen.progress({ stage, fraction: 0 })
    }
    expect(screen.written).toEqual([
      'digits/a: finding neighbours (4 of 14), 3 s so far\n',
      'digits/a: finding neighbours (4 of 14), 13 s so far\n',
      'digits/a: drawing the map (9 of 14), 15 s so far\n',
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
