/** Which of two privacy settings is the stricter: what either forbids is forbidden. */

import { type ColumnRule, type Manifest, ownRule } from '../core/manifest.ts'
import type { ManifestInput } from './schema.ts'

type Privacy = Manifest['privacy']
type PrivacyInput = NonNullable<ManifestInput['privacy']>

/** From the most open to the strictest. A column without a rule is published unless it looks like contacts. */
const IMAGES = ['thumbnails', 'links', 'none'] as const
const IDS = ['plain', 'hashed'] as const
const CENTROIDS = ['published', 'kept', 'none'] as const
const RULES: readonly (ColumnRule | undefined)[] = ['keep', undefined, 'hash', 'drop']
/** Stands for every column without a rule of its own. */
const OTHERS = '*'

/** Both at once, the stricter of each setting; what neither says stays unsaid. */
export function stricterPrivacy(one: PrivacyInput, other: PrivacyInput): PrivacyInput {
  const images = stricter(IMAGES, one.images, other.images)
  const ids = stricter(IDS, one.ids, other.ids)
  const centroids = stricter(CENTROIDS, one.centroids, other.centroids)
  const rules = (of: PrivacyInput, name: string) =>
    ownRule(of.columns ?? {}, name) ?? of.columns?.[OTHERS]
  const columns = Object.fromEntries(
    namesOf(one.columns, other.columns).map((name) => [
      name,
      stricter(RULES, rules(one, name), rules(other, name)),
    ]),
  ) as Record<string, ColumnRule>
  return {
    ...(images && { images }),
    ...(ids && { ids }),
    ...(centroids && { centroids }),
    ...(Object.keys(columns).length > 0 && { columns }),
  }
}

/** Whether something that was published under one setting is forbidden by another. */
export function isMoreOpen(published: Privacy, wanted: Privacy): boolean {
  const rules = (of: Privacy, name: string) => ownRule(of.columns, name) ?? of.columns[OTHERS]
  return (
    IMAGES.indexOf(published.images) < IMAGES.indexOf(wanted.images) ||
    IDS.indexOf(published.ids) < IDS.indexOf(wanted.ids) ||
    (published.centroids !== 'none' && wanted.centroids === 'none') ||
    [OTHERS, ...namesOf(published.columns, wanted.columns)].some(
      (name) => RULES.indexOf(rules(published, name)) < RULES.indexOf(rules(wanted, name)),
    )
  )
}

function stricter<T>(order: readonly T[], one: T | undefined, other: T | undefined): T | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return order.indexOf(one) < order.indexOf(other) ? other : one
}

function namesOf(...rules: readonly (Readonly<Record<string, unknown>> | undefined)[]): string[] {
  return [...new Set(rules.flatMap((rule) => Object.keys(rule ?? {})))]
}
