/** The page that stands where a page can't be made: it says so, and leads back to the project. */

import { htmlPage } from '../../words/html.ts'

/** @param key of the page in the site, such as `digits/items/confusion-3-9-0a1b2c3d/index.html` */
export function renderPlain(key: string): string {
  const parts = key.split('/')
  const home = '../'.repeat(Math.max(0, parts.length - 2))
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>This page can’t be made · nearmiss</title>
      </head>
      <body>
        <main>
          <h1>This page can’t be made.</h1>
          <p>
            That is a fault of nearmiss, whose log says more. The figures are not touched by it: a
            run’s are in the file report.json in its folder.
          </p>
          <p>
            <a href={`${home}index.html`}>{parts.length > 1 ? 'The project' : 'Back'}</a>
          </p>
        </main>
      </body>
    </html>
  )
  return htmlPage(page)
}
