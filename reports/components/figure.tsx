/** A chart as a reader meets it: its finding, the drawing, the numbers behind it, the code that made them. */

import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { TopLevelSpec } from 'vega-lite'
import { drawChart } from '../charts/svg.ts'
import type { RunView } from '../view/run-view.ts'
import { Behind, type Snippet } from './behind.tsx'

export interface FigureProps {
  /** What the chart shows, as a finding. */
  readonly title: string
  /** What a reader who can't see it should know. */
  readonly describes: string
  readonly spec: TopLevelSpec
  /** What its marks mean; may be left out where the axes say it all. */
  readonly keys?: readonly (readonly [role: string, text: string])[]
  readonly table?: unknown
  /** The code that lists its numbers. */
  readonly code?: Snippet
  /** The code that drew it, where the published module did. */
  readonly source?: string
  /** Whose files the code reads. */
  readonly view?: RunView
  /** A drawing that is shown in its own size, and scrolled where it doesn't fit. */
  readonly wide?: boolean
  /** The classes of a heatmap, for the script that says its squares. */
  readonly heat?: string
  readonly children?: Child
}

export async function Figure(props: FigureProps) {
  const svg = await drawChart(props.spec, { ownWidth: props.wide ?? false })
  const label = `${props.title} ${props.describes}`
  return (
    <figure class={props.wide ? 'figure wide' : 'figure'}>
      <figcaption>{props.title}</figcaption>
      {props.keys ? <Keys keys={props.keys} /> : null}
      {props.wide ? (
        <section
          class="scroll drawing"
          aria-label={props.title}
          tabindex={0}
          data-heat={props.heat}
        >
          <Drawing svg={svg} label={label} />
        </section>
      ) : (
        <div class="drawing">
          <Drawing svg={svg} label={label} />
        </div>
      )}
      {props.children}
      <Behind
        table={props.table}
        {...(props.code ? { code: props.code } : {})}
        {...(props.source ? { source: props.source } : {})}
        {...(props.view ? { view: props.view } : {})}
      />
    </figure>
  )
}

/** Vega escapes what labels hold; the label of the whole is set here, and escaped by the renderer. */
function Drawing({ svg, label }: { svg: string; label: string }) {
  return (
    <div role="img" aria-label={label}>
      {raw(svg)}
    </div>
  )
}

export function Keys({ keys }: { keys: readonly (readonly [role: string, text: string])[] }) {
  return (
    <ul class="keys">
      {keys.map(([role, text]) => (
        <li>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect width="10" height="10" rx="2" class={`f-${role}`} />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  )
}
