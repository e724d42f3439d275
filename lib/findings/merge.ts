/** Findings that say the same thing in two ways become one, so that nobody does a job twice. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'

/** So much of what a finding is about must be about the same rows as the one that takes it in. */
const SAME = 0.8
/** A place with errors of so many pairs is no matter of any one of them. */
const MANY_PAIRS = 3

/** Kinds that name a cause of errors: taken in only by a pair whose errors they explain. */
const CAUSES: ReadonlySet<string> = new Set(['label-issue', 'label-conflict'])

/** What the errors of one kind explain of another: whoever does the first job does the second. */
const EXPLAINS: readonly (readonly [cause: string, symptoms: readonly string[]])[] = [
  ['label-issue', ['hubs', 'spread']],
  ['duplicates', ['hubs']],
  ['slice-gap', ['spread']],
  ['imbalance', ['confusion', 'spread']],
]

interface Found {
  readonly finding: Finding
  /** Kind whose owner acts on it, where the cause is another than the rule looks for. */
  readonly cause: string | null
}

/**
 * A low-margin cluster takes in three confused pairs or more whose errors are its errors; a pair, what
 * is said of its own errors otherwise: such a cluster, and wrong or conflicting labels where they are
 * what it comes from (its `cause`). Then each cause takes in what its rows explain.
 */
export function mergeFindings(evaluation: Evaluation, found: readonly Found[]): readonly Finding[] {
  const hosts = new Map<string, string>()
  const host = (id: string) => hosts.get(id) ?? id
  const cover = ({ finding }: Found, by: string) => hosts.set(finding.id, host(by))
  const errorsOf = new Map(
    found.map(({ finding }) => [finding.id, errorsOfFinding(evaluation, finding)]),
  )
  const ofKind = (kind: string) =>
    found.filter(({ finding }) => finding.kind === kind && !hosts.has(finding.id))
  const isWithin = (inner: Found, rows: ReadonlySet<number>) => {
    const errors = errorsOf.get(inner.finding.id)!
    return errors.length > 0 && shared(errors, rows) >= SAME * errors.length
  }

  for (const cluster of ofKind('low-margin')) {
    const rows = new Set(errorsOf.get(cluster.finding.id))
    const pairs = ofKind('confusion').filter((pair) => pair.cause === null && isWithin(pair, rows))
    if (pairs.length < MANY_PAIRS) continue
    for (const pair of pairs) cover(pair, cluster.finding.id)
    for (const wide of ofKind('spread')) if (isWithin(wide, rows)) cover(wide, cluster.finding.id)
  }
  for (const one of found) {
    const isCause = CAUSES.has(one.finding.kind)
    if (!isCause && one.finding.kind !== 'low-margin') continue
    const pair = ofKind('confusion').find(({ finding, cause }) => {
      // What is only possible is no cause, and is told with the pair whoever acts on it.
      if (isCause && one.finding.certainty.level !== 'possible' && cause === null) return false
      return isWithin(one, new Set(errorsOf.get(finding.id)))
    })
    if (pair && !isHost(hosts, one.finding.id)) cover(one, pair.finding.id)
  }
  for (const [kind, symptoms] of EXPLAINS) {
    const causes = found.filter(
      ({ finding }) => finding.kind === kind && finding.certainty.level !== 'possible',
    )
    const rows = causes.map(({ finding }) => new Set(rowsBehind(evaluation, finding)))
    const all = new Set(rows.flatMap((each) => [...each]))
    for (const symptom of symptoms.flatMap(ofKind)) {
      const isFree = symptom.cause === null && !isHost(hosts, symptom.finding.id)
      if (!isFree || !isWithin(symptom, all)) continue
      const errors = errorsOf.get(symptom.finding.id)!
      const parts = rows.map((each) => shared(errors, each))
      cover(symptom, causes[parts.indexOf(Math.max(...parts))]!.finding.id)
    }
  }
  return found
    .filter(({ finding }) => !hosts.has(finding.id))
    .map(({ finding }) => ({
      ...finding,
      covers: [...hosts].filter(([, by]) => by === finding.id).map(([id]) => id),
    }))
}

function isHost(hosts: ReadonlyMap<string, string>, id: string): boolean {
  return [...hosts.values()].includes(id)
}

function errorsOfFinding({ rows }: Evaluation, { evidence }: Finding): readonly number[] {
  return evidence.filter((row) => rows.correct[row] !== 1)
}

/** All rows that a finding is about; its evidence may be its errors alone. */
function rowsBehind({ slices }: Evaluation, { id, kind, evidence }: Finding): readonly number[] {
  if (kind !== 'slice-gap') return evidence
  return slices.find(id.slice(`${kind}:`.length))?.rows ?? evidence
}

function shared(rows: readonly number[], among: ReadonlySet<number>): number {
  return rows.filter((row) => among.has(row)).length
}
