/** The ways in which a finding is held against the same finding in another run; `lib/history` has a judge for each. */

export const JUDGEMENTS = [
  /** By the errors between two classes. */
  'pair',
  /** By the errors of the classes of a cluster. */
  'cluster',
  /** By how far a class's rows lie apart. */
  'spread',
  /** By the gap between a slice and the other rows. */
  'slice',
  /** By a count that comes and goes with the model. */
  'count',
  /** By a count in which there is no noise. */
  'fact',
  /** By whether the step from the one run to the other shows it. */
  'step',
] as const

export type Judgement = (typeof JUDGEMENTS)[number]
