/** A run in a list: its name and day, its verdict, its accuracy and gates. */

import type { RunEntry } from '../../lib/core/project-index.ts'
import { VERDICT_LETTERS } from '../view/project-view.ts'
import { runPage } from '../view/run-view.ts'
import { count, counted, day, sentence, share, shortened } from '../words/format.ts'
import { Label } from './label.tsx'

export function RunLine({ entry, href, name }: { entry: RunEntry; href?: string; name?: string }) {
  const { summary } = entry
  return (
    <li class={entry.status === 'failed' ? 'run failed' : 'run'}>
      <div class="run-head">
        <a href={href ?? runPage(entry.run)}>
          <Label text={name ?? entry.run} limit={60} />
        </a>
        <span class="when">
          {name === undefined ? null : (
            <>
              <Label text={entry.run} limit={40} />,{' '}
            </>
          )}
          <time datetime={entry.createdAt}>{day(entry.createdAt)}</time>
        </span>
      </div>
      <div class="run-says">
        <p>
          {summary
            ? shortened(sentence(summary.verdict), VERDICT_LETTERS)
            : `Couldn’t be evaluated: ${entry.error ?? 'its page says why.'}`}
        </p>
        {summary ? (
          <p class="when">
            {[
              summary.model,
              `${counted(summary.rows, 'row')}, ${counted(summary.classes, 'class', 'classes')}`,
              counted(summary.openItems, 'open item'),
              summary.outOfScope ? `${count(summary.outOfScope)} out of scope` : null,
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </p>
        ) : null}
      </div>
      <div class="run-figure">
        {summary ? (
          <>
            <b>{share(summary.accuracy)}</b>
            <span
              class={`gate ${summary.gatePassed === null ? 'unknown' : summary.gatePassed ? 'pass' : 'fail'}`}
            >
              {summary.gatePassed === null
                ? 'gates not judged'
                : summary.gatePassed
                  ? 'gates passed'
                  : 'gate failed'}
            </span>
          </>
        ) : (
          <span class="gate fail">no report</span>
        )}
      </div>
    </li>
  )
}
