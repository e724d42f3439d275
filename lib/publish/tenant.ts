/**
 * Tenants: teams that share a deployment and see nothing of each other. A tenant has a share of each
 * store, below its name with an `@` before it, and everything that is done for it is done in these.
 */

import type { Context } from '../core/context.ts'
import { UsageError } from '../core/errors.ts'
import { isName } from '../core/names.ts'
import type { ObjectInfo, Store } from '../core/store.ts'
import { UPLOADS } from './keys.ts'

/** What tenants have a share of. */
type Shared = Pick<Context, 'uploads' | 'site' | 'vault' | 'siteUrl'>

/** No project's name starts so. */
const MARK = '@'

/**
 * The context of a tenant; that of what belongs to none where it is null. Uploads lie in
 * `uploads/@<tenant>/<project>/<run>/`, the site and the vault below `@<tenant>/`.
 *
 * @throws UsageError where the tenant's name is none
 */
export function tenantContext<C extends Shared>(
  context: C,
  tenant: string | null,
): C & Pick<Context, 'tenant'> {
  if (tenant === null) return context
  if (!isName(tenant)) {
    throw new UsageError('invalid-name', `${JSON.stringify(tenant)} is not a tenant's name`, {
      hint: 'Letters, digits, ".", "_" and "-", 128 at most, the first one a letter or a digit.',
    })
  }
  const share = `${MARK}${tenant}/`
  const { siteUrl } = context
  return {
    ...context,
    tenant,
    // The work of shards lies beside, for its names say whose it is.
    uploads: within(context.uploads, (key) =>
      key.startsWith(UPLOADS) ? `${UPLOADS}${share}${key.slice(UPLOADS.length)}` : key,
    ),
    site: within(context.site, (key) => share + key),
    vault: within(context.vault, (key) => share + key),
    ...(siteUrl === undefined ? {} : { siteUrl: siteUrl + share }),
  }
}

/**
 * Takes the tenant out of the key of an upload's file, `uploads/@<tenant>/…`: whose it is, and the key
 * in that tenant's store.
 */
export function splitTenant(key: string): { readonly tenant: string | null; readonly key: string } {
  const [tenant = '', ...rest] = key.slice(UPLOADS.length).split('/')
  const isOne = key.startsWith(UPLOADS + MARK) && rest.length > 0 && isName(tenant.slice(1))
  return isOne ? { tenant: tenant.slice(1), key: UPLOADS + rest.join('/') } : { tenant: null, key }
}

/** Whose site lies below a prefix of a bucket, as its last part says; null: nobody's. */
export function tenantOfPrefix(prefix: string): string | null {
  const last = prefix.split('/').findLast((part) => part !== '') ?? ''
  return last.startsWith(MARK) && isName(last.slice(1)) ? last.slice(1) : null
}

/** A store some of whose keys lie elsewhere than they say. */
function within(store: Store, place: (key: string) => string): Store {
  const back = (info: ObjectInfo, key: string) => ({ ...info, key })
  return {
    name: store.name,
    async get(key) {
      const object = await store.get(place(key))
      return object && { ...object, key }
    },
    getRange: (key, start, end, options) => store.getRange(place(key), start, end, options),
    async head(key) {
      const info = await store.head(place(key))
      return info && back(info, key)
    },
    async put(key, body, options) {
      return back(await store.put(place(key), body, options), key)
    },
    async *list(prefix) {
      const placed = place(prefix)
      for await (const info of store.list(placed)) {
        yield back(info, prefix + info.key.slice(placed.length))
      }
    },
    delete: (key) => store.delete(place(key)),
  }
}
