/** `docs/findings.md`: the page on which every kind of finding is defined, made from the rules. */

import type { FindingKind } from '../core/finding-kind.ts'
import type { Explanation, Rule, Threshold } from '../findings/rule.ts'
import { judges } from '../history/judges.ts'

const INTRODUCTION = `# Findings

Every kind of finding that becomes an action item: what is seen, what it means, who acts on it, when it is done, and how the next run judges it. \`npm run docs\` writes this page from the rules themselves.

An item's id begins with its kind, such as \`confusion:3|9\`. The kinds are the keys of \`owners\` and of \`effort\` in [nearmiss.yaml](manifest.md); a key that is neither a kind nor begins with \`class:\` or \`slice:\` is an error that names the nearest one.

**States.** An item is *new* when it is first raised. Later runs hold it against their baseline, each kind in its own way (*between runs* below): where there is evidence it is *improved*, *worsened* or, once it isn't raised any more, *resolved*; without evidence it is *persisting*; where it was resolved and there is evidence for a rise it is *back again* (\`regressed\`). The p of several items in a run are corrected for their number (Benjamini-Hochberg). A run that can't tell leaves an item *not evaluated*, and after five such runs in a row it is *out of scope* until it comes back. All comparisons but that of a step need rows that both runs have.

**One job, one item.** Findings that say the same of the same rows are told by one of them, which names the others (\`covers\`): *takes in* below says which.
`

const RAISES: Readonly<Record<Threshold['raises'], string>> = {
  'at least': '≥',
  'more than': '>',
  'at most': '≤',
  under: '<',
}

const TAKES_IN: Readonly<Record<Explanation['as'], (kinds: string) => string>> = {
  pair: (kinds) => `${kinds}, where nearly all of their errors are its own`,
  place: (kinds) => `${kinds}, where nearly all of their errors lie in it and three pairs do`,
  cause: (kinds) => `${kinds}, where its rows explain nearly all of their errors`,
}

/** The page as Markdown. */
export function findingsPage(rules: Readonly<Record<FindingKind, Rule>>): string {
  const all = Object.values(rules)
  return [INTRODUCTION, contents(all), ...all.map(chapter)].join('\n')
}

function contents(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ kind, title, owner }) => `| [\`${kind}\`](#${kind}) | ${cell(title)} | ${cell(owner)} |`,
  )
  return `| kind | signal | owner |\n| --- | --- | --- |\n${rows.join('\n')}\n`
}

function chapter(rule: Rule): string {
  const { explains } = rule
  const entries: readonly (readonly [name: string, text: string])[] = [
    ['Signal', rule.signal],
    ['Needs', rule.needs],
    ['Means', rule.meaning],
    ['Action', rule.action],
    ['Owner', `${rule.owner}, unless the manifest names another.`],
    ['Done when', rule.doneWhen],
    ['Between runs', judges[rule.judgement].says],
    ...(explains !== null && explains.of.length > 0
      ? [['Takes in', `${TAKES_IN[explains.as](joined(explains.of))}.`] as const]
      : []),
    ...(rule.locatesErrors
      ? [['At the level of chance', 'Not raised: errors lie anywhere then.'] as const]
      : []),
  ]
  const lines = entries.map(([name, text]) => `- **${name}**: ${text}`)
  return `## ${rule.kind}\n\n${rule.title}.\n\n${lines.join('\n')}\n\n${thresholds(rule)}`
}

function joined(kinds: readonly FindingKind[]): string {
  return kinds.map((kind) => `\`${kind}\``).join(', ')
}

function thresholds({ thresholds: own }: Rule): string {
  const rows = Object.values(own).map(
    ({ of, raises, value }) => `| ${cell(of)} | ${RAISES[raises]} ${value} |`,
  )
  return `| measured | raised at |\n| --- | --- |\n${rows.join('\n')}\n`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
