/** What the settings of TensorFlow’s Embedding Projector say of the vectors beside them. */

import { InputError } from '../core/errors.ts'
import { PROJECTOR_CONFIG } from '../core/formats.ts'

const MOST_CONFIG_BYTES = 2 ** 20

/** What the settings say of one set of vectors. */
export interface ProjectorSettings {
  /** Rows and dimensions. */
  readonly shape: readonly [number, number] | null
  /** One picture of all rows, and the size of each row's tile in it. */
  readonly sprite: { readonly name: string; readonly tile: readonly [number, number] } | null
}

/**
 * The settings of the vectors that lie in a file of this name; of one set alone whatever its file is called.
 * Throws `InputError` where the file can't be read, or where none of several sets is the file's.
 */
export function projectorSettings(bytes: Uint8Array, vectors: string): ProjectorSettings {
  const sets = parseSets(bytes)
  const isMeant = (set: Plain) => baseName(set.tensorPath) === baseName(vectors)
  const one = sets.find(isMeant) ?? (sets.length === 1 ? sets[0] : undefined)
  if (one === undefined) {
    throw damaged(
      `it has ${sets.length} sets of vectors (${sets
        .slice(0, 5)
        .map((set) => baseName(set.tensorPath))
        .join(', ')}), and none is of ${vectors}`,
      'Upload the file that tensorPath names, each set as a run of its own.',
    )
  }
  const sprite = isPlain(one.sprite) ? one.sprite : null
  const tile = pairOf(sprite?.singleImageDim)
  const name = baseName(sprite?.imagePath)
  return {
    shape: pairOf(one.tensorShape),
    sprite: tile === null || name === '' ? null : { name, tile },
  }
}

type Plain = Readonly<Record<string, unknown>>

function parseSets(bytes: Uint8Array): readonly Plain[] {
  if (bytes.length > MOST_CONFIG_BYTES) {
    throw damaged(`it has ${bytes.length} bytes; at most ${MOST_CONFIG_BYTES} are read`, REWRITE)
  }
  try {
    const { embeddings } = JSON.parse(new TextDecoder().decode(bytes)) as { embeddings?: unknown }
    if (Array.isArray(embeddings) && embeddings.length > 0 && embeddings.every(isPlain))
      return embeddings
  } catch {
    // Told below.
  }
  throw damaged('it holds no list of embeddings', REWRITE)
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Two whole numbers above zero. */
function pairOf(value: unknown): readonly [number, number] | null {
  const isPair =
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((one) => Number.isSafeInteger(one) && one > 0)
  return isPair ? [value[0], value[1]] : null
}

function baseName(path: unknown): string {
  return typeof path === 'string' ? (path.split(/[\\/]/).at(-1) ?? '') : ''
}

const REWRITE =
  'Write it with the projector’s plugin, or leave it out where the vectors are a file of text.'

function damaged(problem: string, hint: string): InputError {
  return new InputError({
    code: 'projector-config',
    message: `The projector’s settings can’t be used: ${problem}.`,
    where: PROJECTOR_CONFIG,
    hint,
  })
}
