/** The files of this checkout, for tests of how they are arranged. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** All files below folders of the checkout, as paths from its root. */
export function filesBelow(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).split('\\').join('/'))
      .filter((file) => !file.includes('node_modules/')),
  )
}

/** Those that hold code. */
export function codeFiles(...folders: string[]): string[] {
  return filesBelow(...folders).filter((file) => /\.(ts|tsx|js|mjs)$/.test(file))
}

/** What a file imports, as it is written. */
export function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
  )
  return Array.from(found, (match) => match[1] ?? match[2] ?? match[3]!)
}
