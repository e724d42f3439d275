/** How an item stood in each run, as words and as a strip of marks. */

import { type ItemState, isJudged, STATE_WORDS as STATES } from '../../lib/core/item.ts'

const SHOWN = 16
const STEP = 12

/** A mark for each run, newest right: filled while open, a ring once resolved, a dot where a run can't tell. */
export function StateStrip({ states }: { states: readonly ItemState[] }) {
  const shown = states.slice(-SHOWN)
  const words = shown.map((state) => STATES[state]).join(', ')
  const width = shown.length * STEP
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${width} ${STEP}`}
      width={width}
      height={STEP}
      role="img"
      aria-label={`Run by run: ${words}`}
    >
      {shown.map((state, place) => {
        const x = place * STEP + STEP / 2
        if (!isJudged(state)) return <circle class="strip-none" cx={x} cy="6" r="1.5" />
        return state === 'resolved' ? (
          <circle class="strip-resolved" cx={x} cy="6" r="3.6" />
        ) : (
          <rect class={`strip-${state}`} x={x - 4.5} y="1.5" width="9" height="9" rx="1.5" />
        )
      })}
    </svg>
  )
}
