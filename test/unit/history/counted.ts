/** Rows that turned, each by itself, as counting them one by one leaves them. */
export function counted<T extends { readonly fixed: number; readonly broken: number }>(part: T) {
  const turns = [...Array<number>(part.fixed).fill(1), ...Array<number>(part.broken).fill(-1)]
  return { ...part, turned: new Map(turns.entries()) }
}
