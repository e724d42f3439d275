/** A section of a run's page: its heading, and its words with its figures put in. */

import type { Child, FC } from 'hono/jsx'
import { SectionPart } from '../../components/section.tsx'
import { bareSentence, boundParts, headingOf } from '../../sections/index.ts'
import type { Section } from '../../sections/section.ts'
import type { RunView } from '../../view/run-view.ts'
import { mdxContent } from '../../words/mdx.ts'

interface Holder {
  readonly children?: Child
}

export async function sectionText(section: Section, view: RunView): Promise<string> {
  const { report } = view
  const { id, topic, some } = section
  const isBare = bareSentence(section, report) !== null
  const hasSome = some?.(report) ?? true
  const components = {
    Section: ({ children }: Holder) => (
      <SectionPart id={id} topic={topic} says={headingOf(section, report)}>
        {isBare ? null : children}
      </SectionPart>
    ),
    // Words that are only worth reading where there is something to read them for.
    Intro: ({ children }: Holder) => (hasSome ? <>{children}</> : null),
    Figures: ({ children }: Holder) => <div class="figures">{children}</div>,
    Abreast: ({ children }: Holder) => <div class="abreast">{children}</div>,
    ...boundParts(section, view),
  }
  const Words = (await mdxContent(`sections/${id}/section.mdx`)) as FC<Record<string, unknown>>
  return String(await (<Words components={components} />).toString())
}
