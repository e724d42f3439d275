/** The command as people call it. A folder beside this file is a test; the others are below. */

import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPORT } from '../../lib/publish/shapes.ts'
import { backendProblem } from '../backends.ts'
import { missing } from '../real-part.ts'
import { expectIncluded, REPOSITORY, runCommand } from './command.ts'

interface Case {
  readonly does: string
  readonly args: readonly string[]
  readonly exitCode: number
  /** Words that a page of the site has to have. */
  readonly page?: { readonly path: string; readonly says: readonly string[] }
  /** What files of the site hold, as it is written. */
  readonly files?: Readonly<Record<string, readonly string[]>>
}

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'nearmiss-cases-'))
  // Laying maps out takes longest, and has tests of its own.
  writeFileSync(join(work, 'one-map.yaml'), 'maps: [pca]')
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, folder: join(import.meta.dirname, name) }))
  .map(({ name, folder }) => ({
    name,
    folder,
    wanted: JSON.parse(readFileSync(join(folder, 'command.json'), 'utf8')) as Case,
  }))

describe('nearmiss', () => {
  it.each(folders)('$wanted.does ($name)', async ({ name, folder, wanted }) => {
    const cwd = join(work, name)
    cpSync(folder, cwd, { recursive: true })
    const { exitCode, stdout, stderr } = await runCommand(wanted.args, cwd)
    // Each line of expected.txt is somewhere in what was said, in that order.
    if (existsSync(join(folder, 'expected.txt'))) {
      const said = stdout + stderr
      let from = 0
      for (const line of readFileSync(join(folder, 'expected.txt'), 'utf8').trimEnd().split('\n')) {
        const at = said.indexOf(line, from)
        expect(at, `${JSON.stringify(line)} in order in:\n${said}`).toBeGreaterThanOrEqual(0)
        from = at + line.length
      }
    }
    if (existsSync(join(folder, 'expected.json'))) {
      const expected = readFileSync(join(folder, 'expected.json'), 'utf8')
      expectIncluded(JSON.parse(stdout), JSON.parse(expected))
    }
    if (wanted.page) {
      const html = readFileSync(join(cwd, wanted.page.path), 'utf8')
      const words = html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')
      for (const phrase of wanted.page.says) expect(words).toContain(phrase)
    }
    for (const [path, texts] of Object.entries(wanted.files ?? {})) {
      const held = readFileSync(join(cwd, path), 'utf8')
      for (const text of texts) expect(held.includes(text), `${path} has ${text}`).toBe(true)
    }
    for (const path of readdirSync(cwd, { recursive: true, encoding: 'utf8' })) {
      if (!/\bruns\b.*\breport\.json$/.test(path)) continue
      expect(REPORT.problem(JSON.parse(readFileSync(join(cwd, path), 'utf8'))), path).toBeNull()
    }
    expect(`${stdout}${stderr}`).not.toContain('    at ')
    expect(exitCode, stderr).toBe(wanted.exitCode)
  })

  it('explains itself, and each command', async () => {
    const { stdout, exitCode } = await runCommand(['--help'], work)
    expect(exitCode).toBe(0)
    for (const name of ['report', 'serve', 'gate', 'compare', 'doctor']) {
      expect(stdout).toContain(`  ${name}`)
      expect((await runCommand([name, '--help'], work)).stdout).toContain(`nearmiss ${name}`)
    }
  })

  it('finds that this machine can make reports', async () => {
    const { stdout, exitCode } = await runCommand(['doctor', '--json'], work)
    expect(exitCode).toBe(0)
    const wasm = JSON.parse(stdout).checks.find(({ name }: { name: string }) => name === 'wasm')
    expect(wasm).toMatchObject({ ok: true })
  })
})

const reference = JSON.parse(readFileSync(join(REPOSITORY, 'samples/digits/expected.json'), 'utf8'))
const digits = join(REPOSITORY, 'samples/digits')

describe.each(['wasm', 'tfjs-node'] as const)('on %s', (backend) => {
  describe.skipIf(missing(backend, backendProblem(backend)))('the digits', () => {
    it.each(['euclidean', 'cosine'])(
      'have the reference figures, by %s distance',
      async (metric) => {
        const { stdout, exitCode, stderr } = await runCommand(
          [
            'report',
            join(digits, 'nca-32.npz'),
            '--manifest',
            'one-map.yaml',
            '--metric',
            metric,
            '--backend',
            backend,
            '--json',
          ],
          work,
        )
        expect(exitCode, stderr).toBe(0)
        const report = JSON.parse(stdout)
        const wanted = reference[`nca-32/${metric}`]
        expect(report.backend.name).toBe(backend)
        const value = (id: string) => report.metrics[id]?.value
        const figures = {
          nearest_neighbor_accuracy: wanted.nearest_neighbor_accuracy,
          hit_at_1: wanted.hit_at['1'],
          hit_at_5: wanted.hit_at['5'],
          hit_at_10: wanted.hit_at['10'],
          precision_at_10: wanted.precision_at_10,
          mean_reciprocal_rank: wanted.mean_reciprocal_rank,
          r_precision: wanted.r_precision,
          map_at_r: wanted.map_at_r,
          silhouette: wanted.silhouette,
          hubness_skewness_k10: wanted.hubness_skewness_k10,
          anti_hub_share_k10: wanted.anti_hub_share_k10,
          hub_share_k10: wanted.hub_share_k10,
          neighbor_margin_mean: wanted.neighbor_margin.mean,
          neighbor_margin_median: wanted.neighbor_margin.median,
          neighbor_margin_low_share: wanted.neighbor_margin.low_share_below_0_05,
          class_margin_mean: wanted.class_margin.mean,
          class_margin_median: wanted.class_margin.median,
          class_margin_negative_share: wanted.class_margin.negative_share,
          neighbor_margin_error_auc: wanted.neighbor_margin_error_auc,
          prediction_margin_error_auc: wanted.prediction_margin_error_auc,
          verification_auc: wanted.verification.auc,
          verification_eer: wanted.verification.eer,
        }
        for (const [id, number] of Object.entries(figures)) {
          expect(Math.abs(value(id) - number), `${id}: ${value(id)} and ${number}`).toBeLessThan(
            1e-4,
          )
        }
        // The reference counts errors only.
        const errors = report.confusion.counts.filter(([t, p]: [string, string]) => t !== p)
        const sorted = (counts: unknown[]) => counts.map((entry) => JSON.stringify(entry)).sort()
        expect(sorted(errors)).toEqual(sorted(wanted.confusion))
        expect(report.confusion.concentration.errors).toBe(wanted.errors)
      },
    )
  })
})

describe('two runs', () => {
  it('are compared with the counts and the p of the reference', async () => {
    const { stdout, exitCode } = await runCommand(
      ['compare', join(digits, 'nca-16-small.npz'), join(digits, 'nca-32.npz'), '--json'],
      work,
    )
    expect(exitCode).toBe(0)
    const { pairing } = JSON.parse(stdout)
    // As the samples' README has them, computed with scipy.
    expect([pairing.fixed.length, pairing.broken.length]).toEqual([19, 13])
    expect(pairing.p).toBeCloseTo(0.38, 2)
    expect(pairing.verdict).toBe('no evidence of a change')
  })

  it('are not compared row by row where neither has ids and the rows have other labels', async () => {
    const table = (labels: string) =>
      ['label,embedding_0', ...[...labels].map((label, row) => `${label},${row}`)].join('\n')
    writeFileSync(join(work, 'one.csv'), table('aabbab'.repeat(4)))
    writeFileSync(join(work, 'two.csv'), table('aabbba'.repeat(4)))
    const { stdout, exitCode } = await runCommand(['compare', 'one.csv', 'two.csv'], work)
    expect(exitCode).toBe(0)
    expect(stdout).toContain(
      'Neither run has ids, and row 4 (counted from 0) is b here and a in one',
    )
    expect(stdout).not.toContain('fixed')
  })

  it('in one folder are a project, and the page of the second is one file where that is asked for', async () => {
    const out = join(work, 'site')
    await runCommand(['report', join(digits, 'pca-8.npz'), '--out', out], work)
    const { stdout, exitCode } = await runCommand(
      ['report', join(digits, 'nca-16-small.npz'), '--out', out, '--single-file'],
      work,
    )
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Since pca-8: 50 fixed, 16 broken')
    const page = readFileSync(join(out, 'digits-nca-16-small.html'), 'utf8')
    expect(page).toContain('href="data:image/png;base64,')
    expect(page).not.toMatch(/(?:href|src)="(?!#|data:|https?:)/)
    expect(existsSync(join(out, 'digits/runs/nca-16-small/run.json'))).toBe(true)
  })
})
