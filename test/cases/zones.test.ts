/** The same upload gives the same bytes in any time zone and language of the machine. */

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ended, startCommand } from './command.ts'

const MACHINES = [
  { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' },
  { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' },
  { TZ: 'America/Los_Angeles', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' },
]

/** When a run was made, as ISO has it and as pages do: no entry of the upload is as late. */
const CLOCK = /20(?!25)\d\d-\d\d-\d\dT[\d:.]+Z|\d{1,2} \w{3} 20(?!25)\d\d(?:, \d\d:\d\d UTC)?/g

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'nearmiss-zones-'))
  writeUpload(join(work, 'shop.csv'))
  // Two maps of these rows would take longer than all else.
  writeFileSync(join(work, 'settings.yaml'), 'maps: [pca]\ncolumns: { time: stamp }\n')
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

/**
 * Rows that are wrong early in the year, so that each time column is a slice that is named. Names
 * of classes come in another order in Turkish, German or Swedish than by their code units.
 */
function writeUpload(path: string): void {
  const classes = ['ägir', 'Zebra', 'ındex', 'Index', 'äpfel', 'zoo']
  const lines = ['id,label,taken,stamp,zoned,year,size,dim_0,dim_1']
  for (let row = 0; row < 120; row++) {
    const label = row % classes.length
    const place = row < 30 ? (label + 1) % classes.length : label
    const time = new Date(Date.UTC(2025, 0, 1, 0, 30) + row * 6 * 3_600_000).toISOString()
    lines.push(
      [
        `r${row}`,
        classes[label],
        time.slice(0, 19).replace('T', ' '),
        Date.parse(time) / 1000,
        `${time.slice(0, 19)}+09:00`,
        2000 + Math.floor(row / 10),
        1_740_000_000 + ((row * 7) % 120),
        place * 10 + (row % 7) / 10,
        place * place + (row % 11) / 10,
      ].join(','),
    )
  }
  writeFileSync(path, lines.join('\n'))
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** Without when the run was made and how long its stages took, which is all that may differ. */
function timeless(path: string): string {
  const bytes = readFileSync(path)
  if (!/\.(html|json|xml|svg|md|csv|js|css)$/.test(path)) return bytes.toString('latin1')
  return bytes
    .toString('utf8')
    .replace(/"elapsedMs":\d+/g, '"elapsedMs":0')
    .replaceAll(CLOCK, 'NOW')
    .replace(/\d[\d.]* (?:ms|s|min)\b/g, 'TIME')
}

async function publish(machine: NodeJS.ProcessEnv, name: string): Promise<Map<string, string>> {
  const cwd = join(work, name, 'shop')
  for (const file of ['shop.csv', 'settings.yaml']) cpSync(join(work, file), join(cwd, file))
  const args = ['report', 'shop.csv', '--manifest', 'settings.yaml', '--out', 'site']
  const { exitCode, stderr } = await ended(startCommand(args, cwd, machine))
  expect(exitCode, stderr).toBe(0)
  const site = join(cwd, 'site')
  return new Map(filesBelow(site).map((file) => [file, timeless(join(site, file))]))
}

it('in three of them', async () => {
  const [first, ...others] = await Promise.all(
    MACHINES.map((machine, at) => publish(machine, `machine-${at}`)),
  )
  const report = [...first!].find(([file]) => file.endsWith('runs/shop/report.json'))?.[1] ?? ''
  // What would move with the zone is in it.
  for (const edge of ['up to 2025-01-08 06:30 UTC', 'up to 1740000029']) {
    expect(report.includes(edge), edge).toBe(true)
  }
  for (const other of others) {
    expect([...other.keys()]).toEqual([...first!.keys()])
    for (const [file, content] of first!) expect(other.get(file) === content, file).toBe(true)
  }
})
