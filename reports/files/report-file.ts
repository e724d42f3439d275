/** Files that pages are made of, found at run time: in `reports/` of a checkout, or beside the bundle. */

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Text of a file of `reports/`, or of one that the build makes for the browser. */
export function reportFile(path: string): string {
  return new TextDecoder().decode(reportBytes(path))
}

/** The same, as bytes. */
export function reportBytes(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(placeOf(path)))
}

/** Path of a folder of `reports/`. */
export function reportFolder(path: string): string {
  return fileURLToPath(placeOf(path))
}

/**
 * This file is in `reports/files` of a checkout, where the build's own files are in `dist/`; bundled it is
 * in `dist/`, with the files of `reports/` in a folder of that name.
 */
function placeOf(path: string): URL {
  const places = [`./reports/${path}`, `./${path}`, `../${path}`, `../../dist/${path}`]
  const place = places
    .map((from) => new URL(from, import.meta.url))
    .find((address) => existsSync(address))
  if (!place) throw new Error(`${path} isn't beside ${import.meta.url}: build again`)
  return place
}
