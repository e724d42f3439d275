/** A JSON Schema as the files in `docs/schema` have it: short lists of plain values on one line. */

export function schemaText(schema: unknown): string {
  const text = JSON.stringify(schema, null, 2).replace(
    /\[\s+([^[\]{}]*?)\s+\]/g,
    (whole, items: string) => {
      const line = `[${items.split(/\s*\n\s*/).join(' ')}]`
      return line.length > 70 ? whole : line
    },
  )
  return `${text}\n`
}
