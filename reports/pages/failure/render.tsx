/** The page of an upload that can't be evaluated: what is wrong, where, and how to fix it. */

import type { Child } from 'hono/jsx'
import type { FailedRun } from '../../../lib/core/run-record.ts'
import { rowsText } from '../../../lib/core/words.ts'
import { Label } from '../../components/label.tsx'
import { Table } from '../../components/table.tsx'
import { bytes, count, counted, dateTime, sentence } from '../../words/format.ts'
import { renderPage } from '../page.tsx'

type SeenField = NonNullable<FailedRun['seen']>[number]['fields'][number]

const SHOWN = 50
/** Of the issue that counts those which aren't told one by one. */
const MORE = 'manifest-more'

/**
 * `<project>/runs/<run>/index.html` of a failed run.
 *
 * @param siteUrl where the site is published, with a slash at its end
 */
export function renderFailure(failed: FailedRun, siteUrl: string | null = null): Promise<string> {
  const first = failed.issues[0]
  const shown = failed.issues.slice(0, SHOWN)
  const says = {
    issues: failed.issues.some(({ code }) => code === MORE)
      ? `More than ${failed.issues.length - 1} things to correct.`
      : `${counted(failed.issues.length, 'thing')} to correct.`,
    seen: 'The fields of the files, before anything is chosen of them.',
    files: `${counted(failed.files.length, 'file')} ${failed.files.length === 1 ? 'was' : 'were'} found.`,
  }
  const Issues = () => (
    <>
      <ol class="issues">
        {shown.map((issue) => (
          <li>
            <h3>{sentence(issue.message)}</h3>
            <dl class="orders">
              <div>
                <dt>Where</dt>
                <dd>{issue.where}</dd>
              </div>
              {rowsText(issue) === null ? null : (
                <div>
                  <dt>Which</dt>
                  <dd>{rowsText(issue, 10)}</dd>
                </div>
              )}
              <div>
                <dt>How to fix it</dt>
                <dd>{issue.hint}</dd>
              </div>
            </dl>
            <p class="note">
              error · <code>{issue.code}</code>
            </p>
          </li>
        ))}
      </ol>
      {failed.issues.length > shown.length ? (
        <p class="rest">
          {counted(failed.issues.length - shown.length, 'more problem')}:{' '}
          <a href="error.json">error.json</a> lists all.
        </p>
      ) : null}
    </>
  )
  const Files = () => (
    <Table
      caption="Files of the upload"
      columns={[
        { title: 'File', cell: (file: FailedRun['files'][number]) => <Label text={file.name} /> },
        { title: 'Size', number: true, cell: (file) => bytes(file.byteLength) },
      ]}
      rows={failed.files}
    />
  )
  const WhereSeen = ({ children }: { children?: Child }) =>
    failed.seen === undefined ? null : <>{children}</>
  const Seen = () => (
    <>
      {(failed.seen ?? []).map((file) => (
        <>
          <Table
            caption={`${file.source}: ${file.format}`}
            titled
            columns={[
              {
                title: 'Field',
                cell: (field: SeenField) => <Label text={field.name} limit={60} />,
              },
              {
                title: 'Type',
                cell: ({ type, shape }) =>
                  [
                    type,
                    ...shape.slice(1).map((size) => `× ${size === null ? '?' : count(size)}`),
                  ].join(' '),
              },
            ]}
            rows={file.fields}
          />
          {file.more === 0 ? null : (
            <p class="note">{count(file.more)} more fields aren’t shown.</p>
          )}
        </>
      ))}
    </>
  )
  const top = (
    <div class="verdict">
      <p class="facts-line">
        <span>
          Run <Label text={failed.run} limit={60} />
        </span>
        <time datetime={failed.createdAt}>{dateTime(failed.createdAt)}</time>
      </p>
      <h1>
        <span class="bad">This upload can’t be evaluated.</span>{' '}
        {first ? sentence(first.message) : ''}
      </h1>
    </div>
  )
  return renderPage('failure', { Issues, Files, Seen, WhereSeen }, says, {
    title: `${failed.run} couldn’t be evaluated · ${failed.project} · nearmiss`,
    description: first?.message ?? 'The upload can’t be evaluated.',
    preview: {
      image: 'preview.png',
      says: 'The upload can’t be evaluated.',
      pageUrl: siteUrl === null ? null : `${siteUrl}${failed.project}/runs/${failed.run}/`,
    },
    crumbs: [
      { text: 'all projects', href: '../../../index.html' },
      { text: failed.project, href: '../../index.html' },
      { text: failed.run, href: null },
    ],
    top,
  })
}
