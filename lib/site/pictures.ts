/** Pictures that all runs of a project share: they lie beside its runs, named by their content. */

import { sha256 } from '../core/canonical.ts'
import type { Store } from '../core/store.ts'
import type { PictureType } from '../dataset/picture-type.ts'
import { inTurns } from '../publish/key-lists.ts'
import { assetKey, headersOf } from '../publish/keys.ts'

export interface Picture {
  /** In the site. */
  readonly key: string
  /** Its address from a run's page. */
  readonly address: string
  /** Read when they are written: those of thousands of pictures at once would fill the memory. */
  readonly bytes: () => Promise<Uint8Array>
}

/** Pictures that are written at a time: a store far away answers each of them late. */
const AT_A_TIME = 16

/**
 * A picture by its content. The type is what the bytes are, whatever the upload calls them: the site
 * serves it by its extension.
 */
export function pictureOf(
  project: string,
  type: PictureType,
  content: Uint8Array,
  bytes: Picture['bytes'],
): Picture {
  const key = assetKey(project, sha256(content), type)
  return { key, address: `../../${key.slice(project.length + 1)}`, bytes }
}

/** Writes those that aren't there yet. */
export function writePictures(site: Store, pictures: readonly Picture[]): Promise<void> {
  const byKey = new Map(pictures.map((picture) => [picture.key, picture]))
  return inTurns(
    [...byKey.values()],
    async ({ key, bytes }) => {
      if ((await site.head(key)) === null) await site.put(key, await bytes(), headersOf(key))
    },
    AT_A_TIME,
  )
}
