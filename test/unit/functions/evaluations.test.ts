import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTerminal } from '../../../functions/commands/terminal.ts'
import { createEvaluations } from '../../../functions/serve/evaluations.ts'
import type { Outcome } from '../../../lib/core/ending.ts'
import { StoreError, UnavailableError } from '../../../lib/core/errors.ts'
import type { evaluateUpload } from '../../../lib/pipeline.ts'
import { announceEnd } from '../../../lib/run/announcement.ts'

let bucket: string
beforeEach(async () => {
  bucket = await mkdtemp(join(tmpdir(), 'nearmiss-evaluations-'))
})
afterEach(() => rm(bucket, { recursive: true }))

const failed: Outcome = {
  status: 'failed',
  run: 'a',
  issues: [
    { code: 'row-count', message: '3 rows and 4 labels', where: 'labels.csv', hint: 'one each' },
  ],
}

/** Evaluations whose outcomes are given, and what was said about them. */
function evaluations(evaluate: typeof evaluateUpload) {
  const said: string[] = []
  const stream = { write: (text: string) => said.push(text) }
  const stop = new AbortController()
  const made = createEvaluations({
    bucket,
    backend: 'auto',
    context: {
      terminal: createTerminal({ stream, now: () => 0, verbose: false }),
      signal: stop.signal,
      verbose: false,
      print: async () => {},
    },
    evaluate: (evaluating, request) =>
      announceEnd(evaluating, request, () => evaluate(evaluating, request)),
    redeliveryMs: 1,
  })
  made.setAddress('http://127.0.0.1:1/')
  return { ...made, said, stop }
}

const run = { project: 'p', run: 'a' }

describe('local evaluations', () => {
  it('are asked for by the keys that changed, one run at a time, and tell their outcome', async () => {
    const asked: string[] = []
    const local = evaluations(async (_context, request) => {
      asked.push(`${request.project}/${request.run} on ${request.backend}`)
      expect(local.progressOf('p', 'a')).toEqual({ stage: 'read', fraction: 0 })
      expect(local.activity()).toEqual(['p/a is being evaluated.'])
      return failed
    })
    local.changed(run, 'uploads/p/a/embeddings.npz')
    local.changed(run, 'uploads/p/a/labels 1+1.csv')
    expect(local.activity()).toEqual(['p/a waits.'])
    await expect.poll(() => local.said.join('')).toContain('3 rows and 4 labels (labels.csv)')
    expect(local.said.join('')).toContain('http://127.0.0.1:1/p/runs/a/')
    await local.close()
    expect(asked).toEqual(['p/a on auto'])
    expect(local.progressOf('p', 'a')).toBeNull()
  })

  it('are repeated after trouble that may pass, as a queue delivers again', async () => {
    let calls = 0
    const local = evaluations(async () => {
      if (++calls < 3) throw new StoreError('store', 'the disk is busy')
      return failed
    })
    local.changed(run, 'uploads/p/a/embeddings.npz')
    await expect.poll(() => local.said.join('')).toContain('3 rows and 4 labels')
    expect(calls).toBe(3)
    expect(local.said.filter((text) => text.includes('the disk is busy'))).toHaveLength(2)
    await local.close()
  })

  it('are not repeated after trouble that stays, and the reason is told with its remedy', async () => {
    let calls = 0
    const local = evaluations(async () => {
      calls++
      throw new UnavailableError('backend', 'no such library', { hint: 'use wasm' })
    })
    local.changed(run, 'uploads/p/a/embeddings.npz')
    await expect.poll(() => local.said.join('')).toContain('p/a: no such library (use wasm)')
    await local.close()
    expect(calls).toBe(1)
  })

  it('end at once when they are stopped', async () => {
    const local = evaluations(
      (context) =>
        new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => reject(new StoreError('x', 'stopped')))
        }),
    )
    local.changed(run, 'uploads/p/a/embeddings.npz')
    await expect.poll(() => local.progressOf('p', 'a')).not.toBeNull()
    local.stop.abort()
    await local.close()
    expect(local.progressOf('p', 'a')).toBeNull()
  })
})
