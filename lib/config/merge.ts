/** A run's settings over those of its project. */

import { stricterPrivacy } from './privacy.ts'
import type { ManifestInput } from './schema.ts'

/** Settings whose keys are settings by themselves; any other one replaces the project's whole. */
const PARTS = [
  'model',
  'margin',
  'intervals',
  'duplicates',
  'owners',
  'notes',
  'effort',
  'tickets',
  'columns',
] as const satisfies readonly (keyof ManifestInput)[]

/** The run's keys come before the project's, except for privacy: there the stricter one holds. */
export function mergeSettings(project: ManifestInput, run: ManifestInput): ManifestInput {
  const parts = PARTS.flatMap((part) => {
    const [of, own] = [project[part], run[part]]
    return of === undefined && own === undefined ? [] : [[part, { ...of, ...own }] as const]
  })
  const privacy = stricterPrivacy(project.privacy ?? {}, run.privacy ?? {})
  return {
    ...project,
    ...run,
    ...Object.fromEntries(parts),
    ...(Object.keys(privacy).length > 0 && { privacy }),
  }
}
