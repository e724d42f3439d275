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
  /** Of the run whose files the code reads; there is none to show without it. */
  view?: RunView
}) {
  const { table, code, source, view } = props
  return (
    <div class="behind">
      {table ? <Folded name="Numbers">{table as Child}</Folded> : null}
      {source && view ? (
        <Code view={view} text={source} gives="spec" files={['report.json', 'figures.js']} />
      ) : null}
      {code && view ? (
        <Code view={view} text={code.code} gives="table" files={[code.data]} />
      ) : null}
    </div>
  )
}

function Code(props: {
  view: RunView
  text: string
  gives: 'spec' | 'table'
  files: readonly string[]
}) {
  const { view, text, gives, files } = props
  return (
    <Folded name="Code">
      <pre tabindex={0}>
        {/* What copies it puts the lines before it that are on the run's page. */}
        <code data-code={view.loadsScripts ? gives : undefined}>{text}</code>
      </pre>
      <p class="rest">
        {gives === 'spec' ? 'What drew this chart. ' : ''}Reads{' '}
        {files.map((file, place) => (
          <>
            {place > 0 ? ' and ' : ''}
            <a href={view.fromRun(file)}>{file}</a>
          </>
        ))}
        , loaded as{' '}
        <a href={view.fromRun('#notebook')}>
          shown {view.loadsScripts ? 'below' : 'in the report'}
        </a>
        .
      </p>
    </Folded>
  )
}
