/** An item as its page's parts read it. */

import type { Item } from '../../../lib/core/item.ts'
import type { PlanItem, Planning } from '../../../lib/core/planning.ts'
import type { ItemHistory, ProjectIndex } from '../../../lib/core/project-index.ts'
import type { ItemLife } from '../../view/item-life.ts'
import type { RunView } from '../../view/run-view.ts'

export interface ItemView {
  readonly index: ProjectIndex
  readonly history: ItemHistory
  readonly life: ItemLife
  readonly view: RunView | null
  readonly item: Item | null
  readonly planned: PlanItem | null
  readonly planning: Planning
}
