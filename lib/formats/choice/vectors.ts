/** Which fields of a file are its vectors: by the settings, by a usual name, or since there are no others. */

import { InputError } from '../../core/errors.ts'
import { MOST_DIMENSIONS, shortName } from '../../core/limits.ts'
import type { ColumnNames } from '../../core/manifest.ts'
import { isNamed } from '../../core/table.ts'
import { isUsualLabel, isVectorName } from '../../core/usual-names.ts'
import type { Warning } from '../../core/warning.ts'
import type { Contents, Field } from '../contents.ts'
import { arrayOfArrays } from '../zip.ts'
import { familiesAmong, findVectorColumns } from './families.ts'
import { describeFields, shapeOf, USUAL_SETTING } from './names.ts'
import { isOfObjects, objectVectors } from './objects.ts'
import { type RoleName, type RolePair, rolePairs, withoutSide } from './pairs.ts'

/** So many arrays of one length may be a vector each; fewer are columns. */
const FEWEST_ROWS = 3

export interface VectorChoice {
  /** One field of vectors, or fields of numbers, one a dimension. */
  readonly vectors: readonly number[]
  /** The gallery that they are queries of, where one file holds both, and what tells its columns. */
  readonly gallery: { readonly vectors: readonly number[]; readonly roles: RoleName } | null
  readonly warnings: readonly Warning[]
  /** Which rule chose them; null where their name says it. */
  readonly why: string | null
}

/** Throws `InputError` where there are none, or several that could be. */
export function chooseVectors(
  contents: Contents,
  columns: ColumnNames,
  noun: 'array' | 'column',
  whereOf: (field: Field) => string,
  dropped: readonly string[] = [],
): VectorChoice {
  const { fields, where, source } = contents
  const { embeddings: _, ...parts } = columns
  // `columns: { label: "12" }` says that the last of the numbered columns is no dimension.
  const others = new Set([...Object.values(parts), ...dropped])
  const setting = columns.embeddings
  const named =
    fields.findIndex(({ name }) => name === setting) >= 0
      ? fields.findIndex(({ name }) => name === setting)
      : fields.findIndex(({ name }) => isNamed(name, setting))
  // The first column of a family is named too, and is one number.
  const isOneNumber = named >= 0 && noun === 'column' && fields[named]!.kind !== 'vector'
  if (named >= 0 && isOfObjects(fields[named]!)) throw objectVectors(contents, named)
  if (named >= 0 && !isOneNumber) return single(fields, named, whereOf, null)
  const isSet = setting !== USUAL_SETTING
  const byName = fields.map(({ name }) => name)
  if (isSet) {
    if (noun === 'column') {
      const family = findVectorColumns(byName, setting, source, where, others)
      if (family !== null) return { ...whole(family.places), warnings: family.warnings }
    }
    throw new InputError({
      code: 'embeddings-missing',
      message: `The manifest says columns.embeddings: ${setting}, and no ${noun} has that name. The file holds ${describeFields(fields)}.`,
      where,
      hint: 'Correct the name in nearmiss.yaml, or leave columns.embeddings out.',
    })
  }
  const vectors = places(fields, ({ kind, name }) => kind === 'vector' && !isLabel(name, columns))
  const floats = vectors.filter((place) => !fields[place]!.isInteger)
  const candidates = floats.length > 0 ? floats : vectors
  const pair = rolePairs(fields, candidates)
  if (pair !== null) return pairChoice(fields, pair, whereOf)
  const [only] = candidates
  if (candidates.length === 1) {
    const name = fields[only!]!.name
    return single(fields, only!, whereOf, isVectorName(name) ? null : `the only ${noun} of vectors`)
  }
  if (candidates.length > 1) return ofSeveral(contents, candidates, noun, whereOf)
  const numbers = contents.isHeaderless ? headerlessNumbers(fields, others) : null
  if (numbers !== null) {
    return { ...whole(numbers), why: 'the numbers of a file without column names' }
  }
  const family =
    noun === 'column' ? findVectorColumns(byName, setting, source, where, others) : null
  if (family !== null) {
    const why = family.warnings.length > 0 ? 'columns of one name, numbered' : null
    return { ...whole(family.places), warnings: family.warnings, why }
  }
  const objects = places(fields, (one) => isOfObjects(one) && !isLabel(one.name, columns))
  const pickled =
    objects.find((place) => isVectorName(fields[place]!.name)) ??
    objects.find((place) => fields[place]!.shape.length > 0) ??
    objects[0]
  if (pickled !== undefined) throw objectVectors(contents, pickled)
  throw missing(contents, columns, noun)
}

function whole(vectors: readonly number[]): VectorChoice {
  return { vectors, gallery: null, warnings: [], why: null }
}

function single(
  fields: readonly Field[],
  place: number,
  whereOf: (field: Field) => string,
  why: string | null,
): VectorChoice {
  checkVectors(fields[place]!, whereOf)
  return { ...whole([place]), why }
}

/** Of several the one of a usual name; several of those are an error. */
function ofSeveral(
  { fields, where, source }: Contents,
  candidates: readonly number[],
  noun: string,
  whereOf: (field: Field) => string,
): VectorChoice {
  const usual = candidates.filter((place) => isVectorName(fields[place]!.name))
  const names = (all: readonly number[]) => all.map((place) => fields[place]!)
  if (usual.length === 1) {
    const [chosen] = usual
    const others = names(candidates.filter((place) => place !== chosen))
    return {
      ...single(fields, chosen!, whereOf, 'its name'),
      warnings: [
        {
          code: 'vector-columns-chosen',
          message: `The vectors of ${source} are its ${noun} ${fields[chosen!]!.name}; ${describeFields(others)} could be too. If that is wrong, columns.embeddings in nearmiss.yaml says which they are`,
        },
      ],
    }
  }
  const settings = candidates
    .slice(0, 2)
    .map((place) => `columns: { embeddings: ${settingText(fields[place]!.name)} }`)
  throw new InputError({
    code: 'embeddings-ambiguous',
    message: `No ${noun} is named ${USUAL_SETTING}, and ${candidates.length} could be the vectors; one is needed. The file holds ${describeFields(names(candidates))}.`,
    where,
    hint: `Say in nearmiss.yaml which it is: ${settings.join(' or ')}`,
  })
}

function pairChoice(
  fields: readonly Field[],
  { queries, gallery, roles }: RolePair,
  whereOf: (field: Field) => string,
): VectorChoice {
  const [asking, answering] = [fields[queries]!, fields[gallery]!]
  checkVectors(asking, whereOf)
  checkVectors(answering, whereOf)
  return {
    vectors: [queries],
    gallery: { vectors: [gallery], roles },
    warnings: [
      {
        code: 'split-chosen',
        message: `${asking.name} ${shapeOf(asking)} are taken as queries and ${answering.name} ${shapeOf(answering)} as the gallery that they are held against. To evaluate one of them by itself, name it in nearmiss.yaml: columns: { embeddings: ${settingText(asking.name)} }`,
      },
    ],
    why: 'their names',
  }
}

/** Every column of numbers that plays no other part, where all of them stand together and there are several. */
function headerlessNumbers(
  fields: readonly Field[],
  others: ReadonlySet<string>,
): readonly number[] | null {
  const numbers = places(fields, ({ kind, name }) => kind === 'number' && !others.has(name))
  const isTogether = numbers.at(-1)! - numbers[0]! + 1 === numbers.length
  return numbers.length > 1 && isTogether ? numbers : null
}

function missing(
  { fields, where, source }: Contents,
  columns: ColumnNames,
  noun: 'array' | 'column',
): InputError {
  if (noun === 'array') {
    const areRows =
      source.endsWith('.npz') &&
      fields.length >= FEWEST_ROWS &&
      fields.every(({ kind, shape }) => kind === 'number' && shape[0] === fields[0]!.shape[0])
    return new InputError({
      code: 'embeddings-missing',
      message: `No array is named ${columns.embeddings}, and 0 are two-dimensional numbers; one is needed. The file holds ${describeFields(fields)}.`,
      where,
      hint: areRows
        ? `If each array is the vector of a row, make one array of them: ${arrayOfArrays(source)}`
        : `Name the array ${columns.embeddings}, or put its name into nearmiss.yaml: columns: { embeddings: NAME }`,
    })
  }
  // An `x` is anything.
  const meant = fields.find(
    ({ name, kind }) => name.length > 1 && isVectorName(name) && kind !== 'number',
  )
  if (meant !== undefined) {
    return new InputError({
      code: 'vectors-type',
      message: `The column ${shortName(meant.name)} is named as vectors are, and its entries, of type ${shortName(meant.type)}, are no lists of numbers.`,
      where: `${where}, column ${shortName(meant.name)}`,
      hint: 'Write each vector as a list of plain numbers with a point before their fractions, such as [0.25, -1.5]; or save the vectors as one array: np.savez("embeddings.npz", embeddings=np.stack(vectors), labels=np.array(labels, dtype=str))',
    })
  }
  const names = fields.map(({ name }) => name)
  const { list, setting } = familiesAmong(names)
  const shown = names.slice(0, 10).map(quoted)
  return new InputError({
    code: 'embeddings-missing',
    message:
      `0 of the ${names.length} columns hold vectors or are named as a vector's: ${shown.join(', ')}${names.length > 10 ? ', …' : ''}. ${list}`.trim(),
    where,
    hint: `Put the vectors into one column named embedding, or into columns embedding_0, embedding_1 and so on${setting !== null ? `; or say in nearmiss.yaml which they are: columns: { embeddings: ${setting} }` : ''}; or call the file labels or metadata if it holds no vectors.`,
  })
}

/** Throws where a field can't be the vectors: before anything of it is unfolded. */
function checkVectors(field: Field, whereOf: (field: Field) => string): void {
  const { shape, kind, type, problem } = field
  const where = whereOf(field)
  if (problem !== null) throw new InputError(problem)
  const [rows, dimensions] = shape
  if (shape.length !== 2) {
    throw new InputError({
      code: 'vectors-shape',
      message: `The embeddings have ${shape.length} ${shape.length === 1 ? 'axis' : 'axes'}, shape ${shapeOf(field)}; they need 2: rows and dimensions.`,
      where,
      hint: 'Save one row for each sample: np.stack(list_of_vectors), or embeddings.reshape(len(embeddings), -1)',
    })
  }
  if (kind !== 'vector' || /^\|?b1$|^bool/i.test(type)) {
    throw new InputError({
      code: 'vectors-type',
      message: `The embeddings are of type ${type}; they need to be numbers.`,
      where,
      hint: 'Save them as float32: embeddings.astype("float32")',
    })
  }
  if (dimensions != null && dimensions > MOST_DIMENSIONS) {
    throw new InputError({
      code: 'too-many-dimensions',
      message: `The embeddings' shape is ${shapeOf(field)}: rows of ${dimensions} dimensions; at most ${MOST_DIMENSIONS} are read.`,
      where,
      hint: 'Rows come first, dimensions second: embeddings.T, if they are the other way round.',
    })
  }
  if (dimensions === 0) {
    throw new InputError({
      code: 'no-dimensions',
      message: `The embeddings' shape is ${shapeOf(field)}: ${rows} rows of 0 dimensions.`,
      where,
      hint: 'Check the step that makes the vectors: each row needs at least one number.',
    })
  }
}

function isLabel(name: string, { label }: ColumnNames): boolean {
  const stem = withoutSide(name)
  return isNamed(stem, label) || isUsualLabel(stem) || /^one_?hot$/i.test(stem)
}

function places(fields: readonly Field[], isWanted: (field: Field) => boolean): readonly number[] {
  return [...fields.keys()].filter((place) => isWanted(fields[place]!))
}

/** As YAML takes it: what isn't a plain word stands in quotes. */
function settingText(name: string): string {
  return name.length <= 200 && /^[A-Za-z][A-Za-z0-9_.-]*$/.test(name)
    ? name
    : JSON.stringify(cut(name))
}

/** Escapes make a name several times as long. */
function quoted(name: string): string {
  const text = JSON.stringify(cut(name))
  return text.length > 44 ? `${text.slice(0, 25)}…"` : text
}

function cut(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name
}
