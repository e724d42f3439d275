/**
 * JSON Schemas of what is stored, made from its TypeScript types and their comments. Readers must take
 * properties that they don't name: files grow by addition.
 */

import ts from 'typescript'

/**
 * @typedef {Record<string, unknown>} Schema
 * @typedef {{ id: string, title: string, definition: string }} Figure
 */

/**
 * The schema of `report.json`, with the figures that the registry defines.
 *
 * @param {string} file where the type is declared
 * @param {string} name of the type
 * @param {readonly Figure[]} figures
 * @returns {Schema}
 */
export function reportSchema(file, name, figures) {
  const schema = typeSchema(
    file,
    name,
    'report.json',
    'What nearmiss found in a run. It changes only by addition.',
  )
  const { metrics } = /** @type {Record<string, Schema>} */ (schema.properties)
  if (metrics === undefined) throw new Error(`${name} has no metrics`)
  metrics.properties = Object.fromEntries(
    figures.map(({ id, title, definition }) => [
      id,
      { title, description: definition, $ref: '#/$defs/Figure' },
    ]),
  )
  return schema
}

/**
 * @param {string} file where the type is declared
 * @param {string} name of the type
 * @param {string} title what is stored as such
 * @param {string} description
 * @returns {Schema}
 */
export function typeSchema(file, name, title, description) {
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const declared =
    source && checker.getSymbolAtLocation(source)?.exports?.get(ts.escapeLeadingUnderscores(name))
  if (declared === undefined) throw new Error(`${file} exports no ${name}`)
  /** @type {Map<string, Schema>} */
  const definitions = new Map()
  const root = objectSchema(checker.getDeclaredTypeOfSymbol(declared))
  const $defs = Object.fromEntries([...definitions].sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    description,
    ...root,
    $defs,
  }

  /** @param {ts.Type} type @returns {Schema} */
  function schemaOf(type) {
    if (type.isUnion()) return unionSchema(type)
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value }
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      return { const: checker.typeToString(type) === 'true' }
    }
    if (type.flags & ts.TypeFlags.String) return { type: 'string' }
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' }
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' }
    if (checker.isTupleType(type)) {
      const items = checker.getTypeArguments(/** @type {ts.TypeReference} */ (type)).map(schemaOf)
      return { type: 'array', prefixItems: items, minItems: items.length, maxItems: items.length }
    }
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(/** @type {ts.TypeReference} */ (type))
      return { type: 'array', items: item === undefined ? {} : schemaOf(item) }
    }
    if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0) {
      throw new Error(`${checker.typeToString(type)} has no JSON Schema`)
    }
    return type.isClassOrInterface() ? named(type.symbol.name, type) : objectSchema(type)
  }

  /** @param {ts.UnionType} union @returns {Schema} */
  function unionSchema(union) {
    // The checker tells true and false apart; a reader doesn't.
    const booleans = union.types.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral)
    const others = union.types.filter(
      (type) =>
        (type.flags & ts.TypeFlags.Undefined) === 0 &&
        (booleans.length < 2 || !booleans.includes(type)),
    )
    const parts = others.map(schemaOf)
    if (booleans.length === 2) parts.push({ type: 'boolean' })
    const literals = parts.filter((part) => 'const' in part)
    const rest = parts.filter((part) => !('const' in part))
    if (literals.length > 1) rest.unshift({ enum: literals.map((part) => part.const).sort() })
    else rest.unshift(...literals)
    if (rest.length === 1 && rest[0] !== undefined) return rest[0]
    if (rest.every((part) => Object.keys(part).join() === 'type')) {
      return { type: rest.map((part) => part.type) }
    }
    return { anyOf: rest }
  }

  /** @param {string} title @param {ts.Type} type @returns {Schema} */
  function named(title, type) {
    if (!definitions.has(title)) {
      // Before its properties are, so that a type may hold itself.
      definitions.set(title, {})
      definitions.set(title, { ...described(type.symbol), ...objectSchema(type) })
    }
    return { $ref: `#/$defs/${title}` }
  }

  /** @param {ts.Type} type @returns {Schema} */
  function objectSchema(type) {
    const entries = checker.getIndexInfoOfType(type, ts.IndexKind.String)
    if (entries !== undefined) {
      return { type: 'object', additionalProperties: schemaOf(entries.type) }
    }
    const properties = checker.getPropertiesOfType(type)
    const isOptional = (/** @type {ts.Symbol} */ symbol) => symbol.flags & ts.SymbolFlags.Optional
    return {
      type: 'object',
      properties: Object.fromEntries(
        properties.map((symbol) => [
          symbol.name,
          { ...described(symbol), ...schemaOf(checker.getTypeOfSymbol(symbol)) },
        ]),
      ),
      required: properties.filter((symbol) => !isOptional(symbol)).map(({ name }) => name),
    }
  }

  /** @param {ts.Symbol} symbol @returns {{ description?: string }} */
  function described(symbol) {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker))
    return text === '' ? {} : { description: text.replace(/\s+/g, ' ') }
  }
}
