/** A file behind an address; nothing is known of what lies beside it. */

import { HTTP_KEY, type HttpFileOptions, openHttpFile } from './http-file.ts'
import { httpTarget } from './http-request.ts'
import type { Found } from './place.ts'

/** Finds it; throws `InputError` where it isn't there. */
export function httpPlaces(options: HttpFileOptions): (text: string) => Promise<Found> {
  return async (text) => {
    const target = httpTarget(text)
    const { store, remoteBytes } = await openHttpFile(target, options)
    const parts = target.url.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decoded)
    const name = parts.at(-1) ?? 'download'
    const { shown } = target
    return {
      file: { name, shown, store, key: HTTP_KEY, info: null, remoteBytes, isUpload: false },
      folder: {
        shown: shown.slice(0, shown.lastIndexOf('/') + 1),
        path: [target.url.hostname, ...parts.slice(0, -1)],
        all: async () => [],
        startingWith: async () => [],
        file: async () => null,
        parent: null,
      },
    }
  }
}

/** What stands for a slash doesn't become one. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll(/[/\\]/g, '-')
  } catch {
    return part
  }
}
