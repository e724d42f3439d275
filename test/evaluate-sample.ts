/** Evaluates one file of the bundled samples, from its bytes to its figures. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseManifest } from '../lib/config/manifest.ts'
import { canonicalJson } from '../lib/core/canonical.ts'
import type { Evaluation } from '../lib/core/evaluation.ts'
import type { Manifest } from '../lib/core/manifest.ts'
import { seededRandom } from '../lib/core/random.ts'
import { assembleDataset } from '../lib/dataset/assemble.ts'
import { evaluate } from '../lib/metrics/evaluate.ts'
import { measureSpace } from '../lib/metrics/structure/space.ts'
import { selfJoin } from '../lib/neighbors/self-join.ts'
import type { Backend } from '../lib/tensor/backend.ts'
import { readTable } from './read-table.ts'
import { UNTRIED } from './untried.ts'

/** Path of a file under `samples/`. */
export function sampleFile(name: string): string {
  return fileURLToPath(new URL(`../samples/${name}`, import.meta.url))
}

const evaluated = new Map<string, Promise<Evaluation>>()

/** The same sample, backend and settings are evaluated once for all the test files of a worker. */
export function evaluateSample(
  name: string,
  backend: Backend,
  manifest = parseManifest(null, 'nearmiss.yaml'),
): Promise<Evaluation> {
  const key = canonicalJson([name, backend.name, manifest])
  const evaluation = evaluated.get(key) ?? evaluateFile(name, backend, manifest)
  evaluated.set(key, evaluation)
  return evaluation
}

async function evaluateFile(
  name: string,
  backend: Backend,
  manifest: Manifest,
): Promise<Evaluation> {
  const bytes = new Uint8Array(readFileSync(sampleFile(name)))
  const vectors = await readTable({ name, bytes }, { part: 'vectors', columns: manifest.columns })
  const assembly = assembleDataset({ vectors, labels: null, metadata: null }, manifest)
  if ('issues' in assembly) throw new Error(JSON.stringify(assembly.issues))
  const { dataset } = assembly
  const { metric } = manifest
  const signal = new AbortController().signal
  const neighborhood = await selfJoin(
    { ...dataset, classes: dataset.classes.length },
    {
      backend,
      metric,
      k: manifest.k,
      signal,
      progress: () => {},
    },
  )
  const space = await measureSpace(dataset, { metric, backend, signal, random: seededRandom })
  return evaluate({
    dataset,
    neighborhood,
    manifest,
    space,
    tradeOff: UNTRIED,
    random: seededRandom,
  })
}
