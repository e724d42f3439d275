/** Findings that say the same thing in two ways become one, so that nobody does a job twice. */

import type { Evaluation } from '../core/evaluation.ts'
import type { Finding } from '../core/finding.ts'
import type { FindingKind } from '../core/finding-kind.ts'
import type { Draft, Rule } from './rule.ts'

/** So much of what a finding is about must be about the same rows as the one that takes it in. */
const SAME = 0.8
/** A place with errors of so many pairs is no matter of any one of them. */
const MANY_PAIRS = 3

export interface RaisedFinding {
  readonly rule: Pick<Rule, 'kind' | 'explains'>
  readonly finding: Finding
  readonly draft: Pick<Draft, 'cause' | 'rows'>
}

/**
 * A place takes in three pairs or more whose errors are its errors, and what else lies in it; a pair, what
 * is said of its own errors otherwise: such a place, and wrong or conflicting labels where they are what
 * it comes from (its `cause`). Then each cause takes in what its rows explain.
 *
 * @param rules in the order in which their causes are asked
 */
export function mergeFindings(
  evaluation: Evaluation,
  rules: readonly Pick<Rule, 'kind' | 'explains'>[],
  raised: readonly RaisedFinding[],
): readonly Finding[] {
  const hosts = new Map<string, string>()
  const host = (id: string) => hosts.get(id) ?? id
  const cover = ({ finding }: RaisedFinding, by: string) => hosts.set(finding.id, host(by))
  const errorsOf = new Map(
    raised.map(({ finding }) => [finding.id, errorsOfFinding(evaluation, finding)]),
  )
  const ofKind = (kind: FindingKind) =>
    raised.filter(({ finding }) => finding.kind === kind && !hosts.has(finding.id))
  const isWithin = (inner: RaisedFinding, rows: ReadonlySet<number>) => {
    const errors = errorsOf.get(inner.finding.id)!
    return errors.length > 0 && shared(errors, rows) >= SAME * errors.length
  }
  const explaining = (as: 'pair' | 'place' | 'cause') =>
    rules.flatMap(({ kind, explains }) => (explains?.as === as ? [{ kind, of: explains.of }] : []))
  const pairKinds = explaining('pair').map(({ kind }) => kind)

  for (const { kind, of } of explaining('place')) {
    for (const place of ofKind(kind)) {
      const rows = new Set(errorsOf.get(place.finding.id))
      const inside = of
        .flatMap(ofKind)
        .filter((inner) => inner.draft.cause === undefined && isWithin(inner, rows))
      const pairs = inside.filter(({ rule }) => pairKinds.includes(rule.kind))
      if (pairs.length < MANY_PAIRS) continue
      for (const inner of inside) cover(inner, place.finding.id)
    }
  }
  for (const one of raised) {
    const pair = explaining('pair')
      .filter(({ of }) => of.includes(one.rule.kind))
      .flatMap(({ kind }) => ofKind(kind))
      .find(({ finding, draft }) => {
        // What is only possible is no cause, and is told with the pair whoever acts on it.
        const isCause = one.rule.explains?.as === 'cause'
        const isSure = one.finding.certainty.level !== 'possible'
        if (isCause && isSure && draft.cause === undefined) return false
        return isWithin(one, new Set(errorsOf.get(finding.id)))
      })
    if (pair && !isHost(hosts, one.finding.id)) cover(one, pair.finding.id)
  }
  for (const { kind, of } of explaining('cause')) {
    const causes = raised.filter(
      ({ finding }) => finding.kind === kind && finding.certainty.level !== 'possible',
    )
    const rows = causes.map(({ finding, draft }) => new Set(draft.rows ?? finding.evidence))
    const all = new Set(rows.flatMap((each) => [...each]))
    for (const symptom of of.flatMap(ofKind)) {
      const isFree = symptom.draft.cause === undefined && !isHost(hosts, symptom.finding.id)
      if (!isFree || !isWithin(symptom, all)) continue
      const errors = errorsOf.get(symptom.finding.id)!
      const parts = rows.map((each) => shared(errors, each))
      cover(symptom, causes[parts.indexOf(Math.max(...parts))]!.finding.id)
    }
  }
  return raised
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

function shared(rows: readonly number[], among: ReadonlySet<number>): number {
  return rows.filter((row) => among.has(row)).length
}
