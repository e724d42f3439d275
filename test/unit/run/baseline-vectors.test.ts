/** The rows of a run against those of its baseline's upload: where that is at hand, and where it isn't. */

import { describe, expect, it } from 'vitest'
import type { Context } from '../../../lib/core/context.ts'
import type { Drift } from '../../../lib/core/drift.ts'
import { seededRandom } from '../../../lib/core/random.ts'
import { evaluateUpload } from '../../../lib/pipeline.ts'
import { uploadsContext } from '../functions/memory-context.ts'

const ROWS = 120
/** Six classes on a line; `shift` moves all rows of the run, `turn` swaps the axes. */
function csv({ shift = 0, turn = false }: { shift?: number; turn?: boolean } = {}): string {
  const random = seededRandom(4)
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const x = 3 * (row % 6) + random() + shift
    const y = random() + (row % 6) ** 2
    return [`row-${row}`, `class-${row % 6}`, ...(turn ? [y, x] : [x, y])].join(',')
  })
  return ['id,label,embedding_0,embedding_1', ...rows].join('\n')
}

/** Evaluates `then`, lets something happen to its upload, evaluates `now` and gives its drift. */
async function driftOf(
  now: Readonly<Record<string, string>>,
  then: Readonly<Record<string, string>> = { 'embeddings.csv': csv() },
  meanwhile: (uploads: Context['uploads']) => Promise<unknown> = async () => {},
): Promise<Drift> {
  const context = uploadsContext()
  const evaluated = async (run: string, files: Readonly<Record<string, string>>) => {
    // Laying maps out takes longest, and has tests of its own.
    const manifest = `maps: [pca]\n${files['nearmiss.yaml'] ?? ''}`
    for (const [name, body] of Object.entries({ ...files, 'nearmiss.yaml': manifest })) {
      await context.uploads.put(`uploads/p/${run}/${name}`, body)
    }
    const outcome = await evaluateUpload(context, { project: 'p', run, backend: 'wasm' })
    if (outcome.status !== 'published') throw new Error(`${run} is ${outcome.status}`)
    return outcome.report
  }
  await evaluated('then', then)
  await meanwhile(context.uploads)
  const { drift } = await evaluated('now', now)
  return drift!
}

describe('rows of the baseline’s upload', () => {
  it('fit the same rows of this run, and no classifier tells equal runs apart', async () => {
    const { space, separation, separationNote } = await driftOf({ 'embeddings.csv': csv() })
    expect(space).toMatchObject({
      relation: 'same',
      fit: { points: 'rows', count: ROWS, moved: 0 },
    })
    expect(separation).toMatchObject({ rows: ROWS, auc: expect.closeTo(0.5, 9) })
    expect(separationNote).toBeNull()
  })

  it('are told apart where all rows moved a little', async () => {
    const { space, separation } = await driftOf({ 'embeddings.csv': csv({ shift: 0.7 }) })
    expect(space.relation).toBe('same')
    expect(separation!.auc).toBeGreaterThan(0.8)
    expect(separation!.interval[0]).toBeGreaterThan(0.7)
    expect(separation!.interval[1]).toBeLessThanOrEqual(1)
  })

  it('show that axes were turned, which no classifier is asked about', async () => {
    const { space, separation, separationNote } = await driftOf({
      'embeddings.csv': csv({ turn: true }),
    })
    expect(space).toMatchObject({ relation: 'turned', fit: { points: 'rows' } })
    expect(separation).toBeNull()
    expect(separationNote).toContain('only where both runs have the same axes')
  })

  it.each<{
    case: string
    now?: string
    before?: string
    meanwhile?: (uploads: Context['uploads']) => Promise<unknown>
    note: string
  }>([
    {
      case: 'is gone',
      meanwhile: (uploads) => uploads.delete('uploads/p/then/embeddings.csv'),
      note: 'is not where this run’s was read from',
    },
    {
      case: 'was changed',
      meanwhile: (uploads) => uploads.put('uploads/p/then/embeddings.csv', csv({ shift: 1 })),
      note: 'was changed since it was evaluated',
    },
    {
      case: 'is kept back by its own manifest',
      before: 'privacy: { centroids: none }',
      note: 'then keeps nothing of its vectors for other runs',
    },
    {
      case: 'is kept back by this run’s manifest',
      now: 'privacy: { centroids: none }',
      note: 'This run keeps nothing of its vectors for other runs',
    },
    {
      case: 'is another model’s',
      before: 'model: { name: net, version: 1 }',
      now: 'model: { name: net, version: 2 }',
      note: 'The manifest names another model version',
    },
  ])('are left alone where the upload $case', async ({ now, before, meanwhile, note }) => {
    const withManifest = (manifest: string | undefined) => ({
      'embeddings.csv': csv(),
      ...(manifest === undefined ? {} : { 'nearmiss.yaml': manifest }),
    })
    const drift = await driftOf(withManifest(now), withManifest(before), meanwhile)
    expect(drift.separation).toBeNull()
    expect(drift.separationNote).toContain(note)
    expect(drift.space.fit?.points ?? 'none').not.toBe('rows')
  })
})
