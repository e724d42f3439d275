/** `nearmiss delete`: removes a run or a project from a site, and says what went and what stays. */

import { createInterface } from 'node:readline/promises'
import { UsageError } from '../../lib/core/errors.ts'
import { logLines } from '../../lib/core/escape.ts'
import { isName } from '../../lib/core/names.ts'
import { countOf, joinWords } from '../../lib/core/words.ts'
import { projectPrefix, projectUploadsPrefix, uploadPrefix } from '../../lib/publish/keys.ts'
import { type Deletion, deletePublished } from '../../lib/site/deletion.ts'
import type { Arguments } from './arguments.ts'
import { type CommandContext, commandContext } from './command-context.ts'
import { namesSite, openPlace } from './site.ts'

const NAMED = 8

export async function deleteCommand(args: Arguments, command: CommandContext): Promise<number> {
  const { place, project, run } = operandsOf(args)
  const { uploadsPlace, ...stores } = await openPlace(place)
  const withUploads = args.switches.has('uploads')
  if (withUploads && uploadsPlace === null) {
    throw new UsageError(
      'wrong-usage',
      'delete: --uploads, and the site has no uploads beside it',
      {
        hint: 'Uploads lie beside the site of `nearmiss serve`; for a site in a bucket, set UPLOADS_BUCKET to the bucket that they are in.',
      },
    )
  }
  const context = commandContext(command, stores)
  const request = { project, run, withUploads }
  const what = run === null ? `project ${project}` : `run ${run} of ${project}`
  const isTrial = args.switches.has('dry-run')
  const planned = await deletePublished(context, { ...request, dryRun: true })
  if (isTrial) {
    await command.print(logLines(listing(planned)))
    command.terminal.say(summary(`would delete ${what}`, planned))
    return 0
  }
  if (!args.switches.has('yes') && !(await isConfirmed(summary(`delete ${what}`, planned)))) {
    command.terminal.say('nothing was deleted')
    return 0
  }
  const deletion = await deletePublished(context, request)
  await command.print(`${logLines(summary(`deleted ${what}`, deletion))}\n`)
  const prefix = run === null ? projectUploadsPrefix(project) : uploadPrefix(project, run)
  if (deletion.uploads.length > 0 && !deletion.uploadsDeleted) {
    command.terminal.say(
      `its upload is still in ${prefix}: serve evaluates it again at its next start; --uploads deletes it too`,
    )
  } else if (uploadsPlace === null) {
    command.terminal.say(
      place?.startsWith('s3:')
        ? `its upload, and what the vault beside that keeps of it, were not touched: for these, set UPLOADS_BUCKET to their bucket and delete it again`
        : 'an upload, if there is one elsewhere, was not touched',
    )
  }
  return 0
}

function operandsOf({ operands }: Arguments): {
  place: string | undefined
  project: string
  run: string | null
} {
  const [first = '', ...others] = operands
  const hasSite = operands.length === 3 || (operands.length === 2 && namesSite(first))
  const [project = '', run = null] = hasSite ? others : operands
  for (const [kind, name] of [
    ['project', project],
    ['run', run],
  ] as const) {
    if (name === null || isName(name)) continue
    throw new UsageError('wrong-usage', `delete: ${name} is no name of a ${kind}`, {
      hint: 'usage: nearmiss delete [SITE] PROJECT [RUN] [options]',
    })
  }
  projectPrefix(project)
  return { place: hasSite ? first : undefined, project, run }
}

async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError('wrong-usage', 'delete: nobody is there to confirm it', {
      hint: '--dry-run lists what would be deleted, --yes deletes it without asking',
    })
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await asking.question(`${question}? [y/N] `)).trim())
  } finally {
    asking.close()
  }
}

function summary(opening: string, { deleted, rewritten, items, vault, ...rest }: Deletion): string {
  const uploads = rest.uploadsDeleted ? rest.uploads.length : 0
  const parts = [
    `${countOf(deleted.length, 'file')} of the site`,
    ...(items.length === 0 ? [] : [countOf(items.length, 'item')]),
    ...(vault.length === 0 ? [] : [`${countOf(vault.length, 'file')} of the vault`]),
    ...(uploads === 0 ? [] : [`${countOf(uploads, 'file')} of the upload`]),
  ]
  const later =
    rewritten.length === 0 ? '' : `; written anew without it: ${joinWords(rewritten, NAMED)}`
  return `${opening}: ${joinWords(parts)}${later}`
}

function listing({ deleted, vault, uploads, uploadsDeleted }: Deletion): string {
  return [
    ...deleted.map((key) => `site ${key}`),
    ...vault.map((key) => `vault ${key}`),
    ...(uploadsDeleted ? uploads : []).map((key) => `uploads ${key}`),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
