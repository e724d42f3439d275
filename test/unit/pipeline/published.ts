/** Everything that a site holds, as an attacker reads it: text as it is, parquet unfolded. */

import { parquetReadObjects } from 'hyparquet'
import type { Store } from '../../../lib/core/store.ts'

export interface PublishedFile {
  readonly key: string
  readonly text: string
}

export async function publishedFiles(site: Store): Promise<PublishedFile[]> {
  const files: PublishedFile[] = []
  for await (const { key } of site.list('')) {
    const { body } = (await site.get(key))!
    files.push({ key, text: key.endsWith('.parquet') ? await unfolded(body) : decoded(key, body) })
  }
  return files
}

/** Of a picture its bytes, one character each. */
function decoded(key: string, body: Uint8Array): string {
  return new TextDecoder(/\.(png|jpg|webp|gif|avif)$/.test(key) ? 'latin1' : 'utf-8').decode(body)
}

async function unfolded(body: Uint8Array): Promise<string> {
  const rows = await parquetReadObjects({ file: new Uint8Array(body).buffer })
  return rows
    .map((row) =>
      JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    )
    .join('\n')
}
