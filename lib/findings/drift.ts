/** Classes that lie elsewhere than in the baseline, in the same space: the data has changed. */

import { type ClassDrift, LEAST_KS, LEAST_SHIFT } from '../core/drift.ts'
import type { Evaluation } from '../core/evaluation.ts'
import { SIGNIFICANCE } from '../core/significance.ts'
import { countOf, decimal, joinWords, pValue } from '../core/words.ts'
import { sortedBy } from './rows.ts'
import { type Draft, meets, once, type Rule, type Threshold } from './rule.ts'

const KIND = 'drift'
/** One item a run: what moved many classes has one cause. */
const ID = `${KIND}:run`
const NAMED = 4

const DONE =
  'The next run lies where the run lies that it is compared with: the change was undone, or it has settled.'

const THRESHOLDS = {
  classes: { of: 'classes that moved', raises: 'at least', value: 1 },
  shift: {
    of: 'shift of the class’s centroid, as a share of its spread',
    raises: 'at least',
    value: LEAST_SHIFT,
  },
  ks: {
    of: 'or: difference of the distances to the centroid (Kolmogorov and Smirnov)',
    raises: 'at least',
    value: LEAST_KS,
  },
  p: {
    of: 'p of either, corrected for all classes',
    raises: 'under',
    value: SIGNIFICANCE.evidence,
  },
} satisfies Record<string, Threshold>

export const drift: Rule = {
  kind: KIND,
  title: 'Classes that moved since the baseline',
  signal:
    'Classes that lie elsewhere than in the baseline, or whose rows lie otherwise around their centroid, though the space is the same model’s.',
  meaning:
    'The data has changed, not the model: new sources, another preprocessing, other labels, or another kind of rows. Thresholds, margins and indexes made for the old rows fit the new ones less.',
  action:
    'Compare where these rows come from in both runs: camera, site, period, preprocessing. If the change is wanted, retrain or recalibrate on the new data; if not, repair the input.',
  owner: 'ML platform',
  needs:
    'A baseline whose space is the same model’s and whose centroids were kept, with classes of 5 rows or more.',
  doneWhen: DONE,
  judgement: 'step',
  explains: null,
  locatesErrors: false,
  thresholds: THRESHOLDS,
  read: (evaluation) => {
    const moved = movedClasses(evaluation)
    const draft = once(() => describe(evaluation, moved))
    return {
      raise: () => (meets(THRESHOLDS.classes, moved.length) ? [draft()] : []),
      recall: (id) =>
        id === ID && evaluation.drift && evaluation.drift.classes.length > 0 ? draft() : null,
    }
  },
}

function movedClasses(evaluation: Evaluation): readonly ClassDrift[] {
  return evaluation.drift?.classes.filter(({ drifted }) => drifted) ?? []
}

function describe(evaluation: Evaluation, moved: readonly ClassDrift[]): Draft {
  const { dataset, rows } = evaluation
  const baseline = evaluation.drift?.baseline ?? ''
  const labels = moved.flatMap(({ label }) => label ?? [])
  const names = joinWords(labels, NAMED)
  const wanted = new Set(labels.map((label) => dataset.classes.indexOf(label)))
  const members = [...dataset.labels.keys()].filter((row) => wanted.has(dataset.labels[row]!))
  const farthest = (row: number) => -rows.intraClassDistance[row]!
  return {
    id: ID,
    title:
      moved.length === 0
        ? `No class moved since ${baseline}`
        : `Find out why ${names} moved since ${baseline}`,
    finding:
      moved.length === 0
        ? `None of ${countOf(evaluation.drift?.classes.length ?? 0, 'class', 'classes')} lies elsewhere than in ${baseline}.`
        : `${countOf(moved.length, 'class lies', 'classes lie')} elsewhere than in ${baseline}, though it is the same model: ${moved.slice(0, NAMED).map(moveOf).join('; ')}. ${causes(evaluation)}`,
    certainty: {
      level: 'likely',
      says: `Each class is tested for where it lies and for the distances to its centroid, and the tests are corrected for ${countOf(evaluation.drift?.classes.length ?? 0, 'class', 'classes')}; a shift under ${LEAST_SHIFT} of the class’s spread and a difference of distances under ${LEAST_KS} are left out.`,
    },
    cost:
      moved.length === 0
        ? 'Nothing moved.'
        : 'Thresholds, margins and indexes made for the old rows fit the new ones less.',
    action:
      'Compare where these rows come from in both runs: camera, site, period, preprocessing. If the change is wanted, retrain or recalibrate on the new data; if not, repair the input.',
    doneWhen: DONE,
    gain: 0,
    evidence: sortedBy(members, farthest),
    classes: labels,
    measure: { value: moved.length, unit: 'classes that moved' },
  }
}

/** What could have moved them: nothing here tells which it was. */
function causes(evaluation: Evaluation): string {
  const usual = 'new sources, another preprocessing, or another kind of rows'
  const { relabelled = 0, baseline = '' } = evaluation.drift ?? {}
  return relabelled === 0
    ? `Likely causes are ${usual}.`
    : `Likely causes are labels (${countOf(relabelled, 'row has', 'rows have')} another one than in ${baseline}), ${usual}.`
}

/** Each p stands behind the difference that it is of. */
function moveOf(drift: ClassDrift): string {
  const { label, shift, spreadRatio, ks } = drift
  const place =
    shift === null
      ? ''
      : `its centroid moved by ${shift.toFixed(2)} of its spread, ${pValue(drift.shiftAdjustedP ?? 1)}, and `
  const wider =
    Math.abs(spreadRatio - 1) < 0.05
      ? ''
      : `; its spread is ${decimal(spreadRatio)} times what it was`
  return `${label} (${place}distances to the centroid differ by ${ks.toFixed(2)}, ${pValue(drift.ksAdjustedP)}${wider})`
}
