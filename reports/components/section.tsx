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

/** Ids of parts that have nothing to show below their headings. */
export type Bare = (id: string) => boolean

/** A Section component that remembers, in the order of the page, what was shown. */
export function sections(isBare: Bare = () => false): {
  readonly entries: SectionEntry[]
  readonly Section: (props: SectionProps) => unknown
} {
  const entries: SectionEntry[] = []
  const Section = ({ id, topic, says, children }: SectionProps) => {
    entries.push({ id, topic })
    return (
      <section class="part" id={id} aria-labelledby={`${id}-says`}>
        <p class="topic">
          <a href={`#${id}`}>{topic}</a>
        </p>
        <h2 id={`${id}-says`}>{says}</h2>
        {isBare(id) ? null : children}
      </section>
    )
  }
  return { entries, Section }
}

/** Words that are only worth reading where there is something to read them for. */
export function Where(props: { some: boolean; children?: Child }) {
  return props.some ? <>{props.children}</> : null
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
