/** Pages that a team adds of its own: MDX files of the deployment, or of a folder that is named. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isName } from '../../../lib/core/names.ts'
import { reportFolder } from '../../files/report-file.ts'

export interface OwnPage {
  /** The file's name without `.mdx`: its address is `pages/<name>.html` in every run's folder. */
  readonly name: string
  readonly text: string
}

/**
 * The MDX files of a folder by name; a name that can't be part of an address is left out.
 *
 * @throws what the file system throws where the folder can't be read
 */
export function pagesOf(folder: string): OwnPage[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.mdx') && isName(file))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.mdx'.length),
      text: readFileSync(join(folder, file), 'utf8'),
    }))
}

/** What lies in `reports/pages` of the deployment: nearmiss's own pages are folders there. */
export function deployedPages(): OwnPage[] {
  return pagesOf(reportFolder('pages'))
}
