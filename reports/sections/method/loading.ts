/** The lines that get a run's files into a notebook; the code of every figure goes on from them. */

/**
 * How `report`, `rows` and `figures` get into Node, shown once a page. What the copy button puts in:
 * the run's own address, and for Observable its way to import.
 */
export const LOADING = `import { readFile } from 'node:fs/promises'
import * as aq from 'arquero'
import { parquetReadObjects } from 'hyparquet'

const { op } = aq
const run = new URL('https://where.the.report.lies/')
const load = async (name) => {
  const url = new URL(name, run)
  if (url.protocol === 'file:') return new Uint8Array(await readFile(url)).buffer
  return (await fetch(url)).arrayBuffer()
}
const text = async (name) => new TextDecoder().decode(await load(name))
const report = JSON.parse(await text('report.json'))
const rows = aq.from(await parquetReadObjects({ file: await load('rows.parquet') }))
const figures = await import(\`data:text/javascript,\${encodeURIComponent(await text('figures.js'))}\`)`
