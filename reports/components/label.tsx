/** Names that come from an upload: any script, any length, either direction. */

import { count, shortened } from '../words/format.ts'

/** A class or row name; the whole of a long one is its tooltip. */
export function Label({ text, limit = 48 }: { text: string; limit?: number }) {
  const short = shortened(text, limit)
  if (text === '') return <bdi class="none">(empty)</bdi>
  return short === text ? <bdi>{text}</bdi> : <bdi title={text}>{short}</bdi>
}

const NAMED = 4

/** The first few names, and how many there are beside them. */
export function Names(props: { names: readonly string[]; joint: string; limit?: number }) {
  const shown = props.names.slice(0, props.limit ?? NAMED)
  const left = props.names.length - shown.length
  return (
    <>
      {shown.map((name, place) => (
        <>
          {place > 0 ? props.joint : ''}
          <Label text={name} limit={30} />
        </>
      ))}
      {left > 0 ? ` and ${count(left)} more` : ''}
    </>
  )
}
