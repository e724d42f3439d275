/** A page or picture that can't be made is one less, never a run less: something plain takes its place. */

import { drawPng, plainPreviewSvg, renderPlain } from '../../reports/render.ts'
import type { Context } from '../core/context.ts'
import { NearmissError } from '../core/errors.ts'

type Teller = Pick<Context, 'log'>

/**
 * What `make` gives, or what `plain` gives where that throws; then the log says what is missing and why.
 * Trouble that may pass, and a stop that was asked for, are thrown: the whole is tried again.
 *
 * @param key of the file in the site
 */
export async function madeOr<T>(
  { log }: Teller,
  key: string,
  make: () => T | Promise<T>,
  plain: () => T | Promise<T>,
): Promise<T> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof NearmissError && error.retryable) throw error
    log.error(`${key} can't be made, and a plain one takes its place: ${reasonOf(error)}`, {
      key,
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    return plain()
  }
}

/** A page, or a plain one that says that it can't be made. */
export function pageOrPlain(
  context: Teller,
  key: string,
  make: () => string | Promise<string>,
): Promise<string> {
  return madeOr(context, key, make, () => renderPlain(key))
}

/** A run's picture; a plain one where it can't be drawn, and null where no picture can. */
export function drawPreview(
  context: Teller,
  key: string,
  svg: () => string,
): Promise<Uint8Array | null> {
  return madeOr<Uint8Array | null>(
    context,
    key,
    () => drawPng(svg()),
    () =>
      madeOr<Uint8Array | null>(
        context,
        key,
        () => drawPng(plainPreviewSvg()),
        () => null,
      ),
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
