/** The page that leads to a project's latest run. */

import { runPage } from '../../view/run-view.ts'
import { htmlPage } from '../../words/html.ts'

/** `<project>/latest/index.html`: sends its reader to the latest run. */
export function renderLatest(run: string): string {
  const href = `../${runPage(run)}`
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta http-equiv="refresh" content={`0; url=${href}`} />
        <title>{`${run} · nearmiss`}</title>
      </head>
      <body>
        <main>
          <h1>
            The latest run is <a href={href}>{run}</a>.
          </h1>
        </main>
      </body>
    </html>
  )
  return htmlPage(page)
}
