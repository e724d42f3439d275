/** Names that vectors, labels and ids have in other people's files, taken where nothing has the contract's name. */

/** Of vectors, the surest first; capitals count for nothing. */
export const VECTOR_NAMES: readonly string[] = [
  'embeddings',
  'embedding',
  'embeds',
  'embed',
  'emb',
  'vectors',
  'vector',
  'vec',
  'features',
  'feature',
  'feats',
  'feat',
  'representations',
  'representation',
  'latents',
  'latent',
  'x',
]

const LABELS: readonly string[] = [
  'label',
  'labels',
  'y',
  'target',
  'targets',
  'class',
  'classes',
  'class_name',
  'class_label',
  'category',
  'categories',
  'ground_truth',
  'gt',
]

const IDS: readonly string[] = [
  'id',
  'ids',
  'uid',
  'uuid',
  'guid',
  'key',
  'keys',
  'sample_id',
  'item_id',
  'image_id',
  'row_id',
  'record_id',
  'example_id',
  'doc_id',
  'document_id',
]

export function isVectorName(name: string): boolean {
  return VECTOR_NAMES.includes(name.toLowerCase())
}

/** Capitals count for nothing. */
export function isUsualLabel(name: string): boolean {
  return LABELS.includes(name.toLowerCase())
}

export function isUsualId(name: string): boolean {
  return IDS.includes(name.toLowerCase())
}

/** As np.savez calls arrays that it is given without a name. */
export function isPositional(name: string): boolean {
  return /^arr_\d+$/.test(name)
}
