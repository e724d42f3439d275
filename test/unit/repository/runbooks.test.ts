/** Alarms and their runbook pages: each alarm names a page, and the page the alarm. */

import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { MEASURES } from '../../../functions/metrics/measures.ts'
import { root } from './files.ts'

interface Alarm {
  readonly Type: string
  readonly Properties: {
    readonly AlarmDescription: string
    readonly Namespace: string
    readonly MetricName: string
    readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[]
    readonly Statistic: string
    readonly Period: number
    readonly EvaluationPeriods: number
    readonly Threshold: number
    readonly AlarmActions: readonly { readonly Ref: string }[]
  }
}

const { Resources } = createRequire(import.meta.url)(join(root, 'infra/resources/alarms.cjs')) as {
  readonly Resources: Readonly<Record<string, Alarm>>
}
const alarms = Object.entries(Resources).filter(({ 1: { Type } }) => Type.endsWith('::Alarm'))
const folder = join(root, 'docs/runbooks')
const pages = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md')
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8')
const alarmsOf = (text: string) => [...text.matchAll(/`(\w+Alarm)`/g)].map(([, name]) => name!)
const { functions, provider, params } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), {
  logLevel: 'silent',
  merge: true,
}) as {
  functions: Record<string, { timeout: number }>
  provider: { stackTags: { service: string } }
  params: { default: Record<string, unknown> }
}

const pageOf = ({ Properties }: Alarm) =>
  /\. docs\/runbooks\/([a-z-]+\.md)$/.exec(Properties.AlarmDescription)?.[1]

describe('runbooks', () => {
  it.each(alarms)('%s names a page, which names it', (name, alarm) => {
    const page = pageOf(alarm)
    expect(pages).toContain(page)
    const [, line] = /^Alarms: (.*)$/m.exec(textOf(page!)) ?? []
    expect(alarmsOf(line!)).toContain(name)
  })

  it('the pages name no other alarms, and their list has all of them, once', () => {
    const names = alarms.map(([name]) => name).sort()
    expect(pages.flatMap((page) => alarmsOf(textOf(page))).sort()).toEqual(names)
    const list = textOf('README.md')
    expect(alarmsOf(list).sort()).toEqual(names)
    for (const page of pages) expect(list).toContain(`](${page})`)
  })

  it.each(pages)(
    '%s says what it means, what to look at, and what to do, with commands',
    (page) => {
      const text = textOf(page)
      expect(text).toMatch(/^# .+\n\nAlarms: .+\n\n.+/)
      expect(text).toMatch(/\n## What to look at\n\n[\s\S]*```sh[\s\S]*\n## What to do\n\n./)
      for (const [, target] of text.matchAll(/\]\(([a-z-]+\.md)\)/g))
        expect(pages).toContain(target)
    },
  )
})

describe('alarms', () => {
  it.each(alarms)('%s can be evaluated, of a metric that there is', (_, { Properties }) => {
    const { Namespace, MetricName, Dimensions, Period, EvaluationPeriods } = Properties
    const window = Period * EvaluationPeriods
    expect(Period % 60).toBe(0)
    expect(window).toBeLessThanOrEqual(Period < 3600 ? 86_400 : 604_800)
    const isOwn = Namespace === 'nearmiss' && Dimensions !== undefined
    if (isOwn) expect(Object.keys(MEASURES)).toContain(MetricName)
  })

  it('a budget that lasts two days cannot wait, and one that lasts ten can', () => {
    const level = (name: string) => {
      const { Period, Threshold, Statistic, AlarmActions } = Resources[`${name}Alarm`]!.Properties
      return [Statistic, Period, Number(Threshold.toFixed(4)), AlarmActions[0]!.Ref]
    }
    // 2 % of a month's budget in an hour, and 10 % in a day: 0.02 × 720 h = 14.4, 0.1 × 30 d = 3.
    expect(level('LatePagesFast')).toEqual(['Average', 3600, 14.4, 'Alarms'])
    expect(level('LatePagesSlow')).toEqual(['Average', 86_400, 3, 'Tickets'])
    expect(level('ReaderErrorsFast')).toEqual(['Average', 3600, 1.44, 'Alarms'])
    expect(level('ReaderErrorsSlow')).toEqual(['Average', 86_400, 0.3, 'Tickets'])
  })

  it('a function is near its limit at four fifths of it, and those that people wait for are all watched', () => {
    for (const name of ['onUpload', 'plan', 'shard', 'merge', 'api', 'readerSignIn']) {
      const id = name.charAt(0).toUpperCase() + name.slice(1)
      const { Threshold } = Resources[`${id}NearTimeoutAlarm`]!.Properties
      expect(Threshold).toBeCloseTo(functions[name]!.timeout * 800, 6)
      expect(Resources).toHaveProperty(`${id}ThrottlesAlarm`)
    }
  })

  it('a budget is of what has the tag that the stack gives, and there is none of 0 dollars', () => {
    const { Condition, Properties } = Resources.Budget as unknown as {
      Condition: string
      Properties: { Budget: { CostFilters: { TagKeyValue: { 'Fn::Join': [string, string[]] }[] } } }
    }
    const [[dollar, parts]] = Properties.Budget.CostFilters.TagKeyValue.map(
      (join) => join['Fn::Join'],
    ) as [[string, string[]]]
    expect(parts.join(dollar)).toBe(`user:service$${provider.stackTags.service}`)
    expect(Condition).toBe('HasBudget')
    expect(params.default.monthlyBudgetDollars).toBe(0)
  })
})
