/** A verdict in a page's heading. */

/** The part before the first colon is the verdict proper, and is set apart. */
export function VerdictText({ text }: { text: string }) {
  const colon = text.indexOf(': ')
  return (
    <>
      {colon < 0 ? null : <em>{text.slice(0, colon + 1)}</em>}
      {text.slice(colon + 1)}
    </>
  )
}
