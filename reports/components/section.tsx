/** A part of a page: its topic, and what it comes to as its heading. */

import type { Child } from 'hono/jsx'

export interface SectionEntry {
  readonly id: string
  readonly topic: string
}

export interface SectionProps {
  readonly id: string
  readonly topic: string
  readonly says: string
  readonly children?: Child
}

export function SectionPart({ id, topic, says, children }: SectionProps) {
  return (
    <section class="part" id={id} aria-labelledby={`${id}-says`}>
      <p class="topic">
        <a href={`#${id}`}>{topic}</a>
      </p>
      <h2 id={`${id}-says`}>{says}</h2>
      {children}
    </section>
  )
}

export function Contents(props: {
  entries: readonly SectionEntry[]
  /** Names of pages beside this one. */
  pages?: readonly string[]
}) {
  const { entries, pages = [] } = props
  return (
    <nav class="contents" aria-label="On this page">
      <ol>
        {entries.map((entry) => (
          <li>
            <a href={`#${entry.id}`}>{entry.topic}</a>
          </li>
        ))}
        {pages.map((name) => (
          <li>
            <a href={`pages/${name}.html`}>{name}</a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** Something folded away under a short name. */
export function Folded(props: { name: unknown; class?: string; open?: boolean; children?: Child }) {
  return (
    <details class={props.class ?? 'folded'} open={props.open ?? false}>
      <summary>{props.name}</summary>
      {props.children}
    </details>
  )
}
