/** Evaluates files where they lie, through the same pipeline as an upload to a bucket. */

import { existsSync } from 'node:fs'
import type { Context } from '../../lib/core/context.ts'
import type { Outcome } from '../../lib/core/ending.ts'
import { InputError, UsageError } from '../../lib/core/errors.ts'
import { visible } from '../../lib/core/escape.ts'
import { isName } from '../../lib/core/names.ts'
import type { Report } from '../../lib/core/report.ts'
import { joinWords } from '../../lib/core/words.ts'
import { evaluateUpload } from '../../lib/pipeline.ts'
import type { BackendChoice } from '../../lib/tensor/backend.ts'
import type { Overrides } from '../../lib/upload/settings.ts'
import { type OwnPage, pagesOf } from '../../reports/render.ts'
import { type Arguments, choice } from './arguments.ts'
import { type CommandContext, commandContext } from './command-context.ts'
import { BACKENDS, METRICS } from './definitions.ts'
import { type FoundUpload, findUpload, type GivenFiles, nameFrom, stageUpload } from './input.ts'
import { inOwnNames, issueInOwnNames, warningsInOwnNames } from './own-names.ts'
import { type PlacedFile, placeKind, shownAddress } from './places/place.ts'
import { openPlaces } from './places/places.ts'
import { stagedUploads } from './staged-uploads.ts'

export interface Evaluated {
  /** As it is published, but for the names of files in its warnings: the reader's own. */
  readonly report: Report
  /** The same upload is in the site already; nothing was computed. */
  readonly alreadyPublished: boolean
}

/**
 * Evaluates INPUT with the options of `report`, and before it the baseline where that is a file.
 * Throws `InputError` where it can't be evaluated; its places are those that were named.
 */
export async function evaluate(
  context: CommandContext,
  input: string,
  args: Arguments,
  stores: Pick<Context, 'site' | 'vault'>,
  overrides: Pick<Overrides, 'maps'> = {},
): Promise<Evaluated> {
  const metric = choice(args, 'metric', METRICS)
  const backend: BackendChoice = choice(args, 'backend', BACKENDS) ?? 'auto'
  const given = {
    gallery: args.values.gallery,
    labels: args.values.labels,
    metadata: args.values.metadata,
    manifest: args.values.manifest,
  }
  const { signal, terminal } = context
  const places = openPlaces({ signal, received: terminal.received })
  terminal.begin(shownAddress(input))
  const found = await findUpload(places, input, given)
  const upload = {
    ...found,
    project: named(args, 'project') ?? found.project,
    run: named(args, 'run') ?? found.run,
  }
  // A baseline that is a file stays beside the input, so that their rows can be held against each other.
  const uploads = stagedUploads(() => new Date())
  const baseline = await baselineRuns(args.values.baseline)
  return await evaluateFiles(upload, baseline)

  /** Several baselines stand with commas between them; a file's name may hold one. */
  async function baselineRuns(value: string | undefined): Promise<string | undefined> {
    if (value === undefined) return undefined
    const runs: string[] = []
    for (const part of existsSync(value) ? [value] : value.split(',')) {
      runs.push(await baselineRun(part))
    }
    return runs.join(',')
  }

  /** A baseline that is a file becomes a run of the same site first. */
  async function baselineRun(value: string): Promise<string> {
    if (['previous', 'best', 'none'].includes(value)) return value
    if (placeKind(value) === 'path' && !existsSync(value)) {
      if (isName(value)) return value
      throw new UsageError('wrong-usage', `--baseline is ${value}: neither a file nor a run's name`)
    }
    const own = await findUpload(places, value, { manifest: given.manifest })
    // Labels and metadata of the input serve a baseline that has none of its own.
    const kinds = (['labels', 'metadata'] as const).filter(
      (kind) => given[kind] !== undefined && !own.files.some(({ name }) => name.startsWith(kind)),
    )
    const shared: GivenFiles = Object.fromEntries(kinds.map((kind) => [kind, given[kind]]))
    const { files, unused, announced } =
      kinds.length === 0
        ? own
        : await findUpload(places, value, { manifest: given.manifest, ...shared })
    const run =
      own.run === upload.run ? nameFrom(`${own.run.slice(0, 118)}-baseline`, 'baseline') : own.run
    const { project, projectSettings } = upload
    const baseline = { project, run, files, unused, announced, projectSettings }
    const { report } = await evaluateFiles(baseline, 'none')
    return report.run
  }

  async function evaluateFiles(
    files: FoundUpload,
    baselineName: string | undefined,
  ): Promise<Evaluated> {
    const { project, run } = files
    const [main, ...others] = files.files.map(({ file }) =>
      folderOf(file) === folderOf(files.files[0]!.file) ? file.name : file.shown,
    )
    const also = others.length === 0 ? '' : ` with ${joinWords(others)}`
    context.terminal.say(`${project}/${run}: ${visible(`${main}${also}`)}`)
    const mostBytes = files.files.reduce((sum, { file }) => sum + file.remoteBytes, 0)
    context.terminal.begin(`${project}/${run}`, mostBytes)
    stageUpload(files, uploads)
    const outcome = await evaluateUpload(
      {
        ...commandContext(context, { uploads: uploads.store, ...stores }, args.values['site-url']),
        reading: (sentence) =>
          context.terminal.say(`nearmiss: ${visible(inOwnNames(sentence, files))}`),
      },
      {
        project,
        run,
        backend,
        pages: ownPages(args),
        overrides: {
          ...overrides,
          ...(metric === undefined ? {} : { metric }),
          ...(baselineName === undefined ? {} : { baseline: baselineName }),
        },
      },
    )
    context.terminal.clear()
    return published(outcome, files)
  }
}

/** Where a file lies, without its name. */
function folderOf({ shown, name }: PlacedFile): string {
  return shown.endsWith(name) ? shown.slice(0, -name.length) : shown
}

function published(outcome: Outcome, upload: FoundUpload): Evaluated {
  const input = upload.files[0]!
  switch (outcome.status) {
    case 'published':
      return {
        report: warningsInOwnNames(outcome.report, upload),
        alreadyPublished: outcome.alreadyPublished,
      }
    case 'waiting':
      throw incomplete(outcome.missing, input.file.shown)
    case 'failed': {
      const [first, ...others] = outcome.issues.map((issue) => issueInOwnNames(issue, upload))
      throw new InputError(first!, others)
    }
  }
}

function incomplete(missing: string, where: string): InputError {
  const code = 'incomplete-upload'
  if (missing === 'labels') {
    return new InputError({
      code,
      message: `${missing}: found neither in the file nor beside it`,
      where,
      hint: 'Labels go into the file (a column or array named labels), beside it as labels.csv, or with --labels FILE.',
    })
  }
  return new InputError({
    code,
    message: `the upload is not complete: it waits for ${missing}`,
    where,
    hint: 'Put that there too. Or give the file of embeddings itself, with its labels and settings: nearmiss report FILE --labels FILE --manifest FILE.',
  })
}

/** The pages of `--pages DIR`. */
export function ownPages(args: Arguments): readonly OwnPage[] {
  const folder = args.values.pages
  if (folder === undefined) return []
  try {
    return pagesOf(folder)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError('wrong-usage', `--pages is ${folder}, which can't be read: ${reason}`)
  }
}

function named(args: Arguments, option: 'project' | 'run'): string | undefined {
  const value = args.values[option]
  if (value === undefined || isName(value)) return value
  throw new UsageError(
    'wrong-usage',
    `--${option} is ${value}, which can't be part of an address`,
    {
      hint: `letters, digits, '.', '_' and '-', as in ${nameFrom(value, option)}`,
    },
  )
}
