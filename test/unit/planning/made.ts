/** Plans made by hand. */

import type { Plan, PlanItem } from '../../../lib/core/planning.ts'

export function planItem(id: string, changes: Partial<PlanItem> = {}): PlanItem {
  return {
    id,
    slug: `${id}-0a1b2c3d`,
    kind: 'confusion',
    title: `Tell ${id} apart`,
    owner: 'CV / Product',
    severity: 'medium',
    state: 'new',
    standing: 'attention',
    gain: 1,
    stake: changes.gain ?? 1,
    classes: [],
    effort: null,
    finding: `${id} was seen.`,
    action: `Look at ${id}.`,
    doneWhen: `${id} is gone.`,
    note: null,
    ticket: null,
    known: null,
    ...changes,
  }
}

export function madePlan(items: readonly PlanItem[], overlaps: Plan['overlaps'] = []): Plan {
  return {
    schema: 'nearmiss.sprint/1',
    project: 'digits',
    run: 'nca-32',
    createdAt: '2026-11-20T09:30:00.000Z',
    items,
    overlaps,
  }
}
