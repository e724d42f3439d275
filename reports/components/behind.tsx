/** What stands folded under a figure: its numbers, and the code that a notebook gets them by. */

import type { Child } from 'hono/jsx'
import type { RunView } from '../view/run-view.ts'
import { Folded } from './section.tsx'

export interface Snippet {
  readonly data: 'report.json' | 'rows.parquet'
  /** One expression over `aq` (arquero), `report` and `rows`. */
  readonly code: string
}

/** The folded table and code under a figure: what drew it, or else what lists its numbers. */
export function Behind(props: {
  table?: unknown
  code?: Snippet
  source?: string
  view?: RunView
}) {
  const { table, code, source, view } = props
  const fromRun = view?.fromRun ?? ((address: string) => address)
  return (
    <div class="behind">
      {table ? <Folded name="Numbers">{table as Child}</Folded> : null}
      {source ? (
        <Code text={source} gives="spec" files={['report.json', 'figures.js']} fromRun={fromRun} />
      ) : null}
      {code ? <Code text={code.code} gives="table" files={[code.data]} fromRun={fromRun} /> : null}
    </div>
  )
}

function Code(props: {
  text: string
  gives: 'spec' | 'table'
  files: readonly string[]
  fromRun: RunView['fromRun']
}) {
  return (
    <Folded name="Code">
      <pre tabindex={0}>
        <code data-code={props.gives}>{props.text}</code>
      </pre>
      <p class="rest">
        {props.gives === 'spec' ? 'What drew this chart. ' : ''}Reads{' '}
        {props.files.map((file, place) => (
          <>
            {place > 0 ? ' and ' : ''}
            <a href={props.fromRun(file)}>{file}</a>
          </>
        ))}
        , loaded as <a href={props.fromRun('#notebook')}>shown below</a>.
      </p>
    </Folded>
  )
}
