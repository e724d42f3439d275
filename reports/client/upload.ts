/** In pages of the local server: drop embeddings anywhere, name the run, and follow it to its report. */

import { partNamed } from '../../lib/core/format-of.ts'
import { STAGE_WORDS, type Stage } from '../../lib/core/stage.ts'
import { element } from './element.ts'
import { PICKED, suggestedNames, uploadNames } from './upload-names.ts'

interface Target {
  readonly name: string
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

interface Status {
  readonly status: 'waiting' | 'evaluating' | 'published' | 'failed'
  readonly stage?: Stage
  readonly fraction?: number
  readonly page: string | null
}

/** How an upload would be read: what `functions/serve/readings.ts` answers. */
interface Reading {
  readonly doubts: readonly string[]
  readonly files: readonly {
    readonly source: string
    readonly format: string
    readonly rows: number
    readonly more: number
    readonly fields: readonly {
      readonly name: string
      readonly type: string
      readonly shape: readonly (number | null)[]
      readonly use: string
    }[]
  }[]
}

const POLL_MS = 500

const project = element('input', { name: 'project', required: '', autocomplete: 'off' })
const run = element('input', { name: 'run', required: '', autocomplete: 'off' })
for (const input of [project, run]) input.pattern = '[A-Za-z0-9][A-Za-z0-9._\\-]{0,127}'
const list = element('ul', { class: 'upload-files' })
const send = element('button', { type: 'submit', class: 'upload-send' }, 'Evaluate')
const cancel = element('button', { type: 'button' }, 'Close')
const bar = element('progress', { max: '1', value: '0', 'aria-label': 'Progress', hidden: '' })
const doubts = element('div', { class: 'upload-doubts', hidden: '' })
const says = element('p', { role: 'status', class: 'upload-says' })
const form = element(
  'form',
  {},
  element('h2', { id: 'upload-title' }, 'Evaluate embeddings'),
  list,
  element('label', {}, 'Project', project),
  element('label', {}, 'Run', run),
  bar,
  doubts,
  says,
  element('p', { class: 'upload-buttons' }, send, cancel),
)
const panel = element('dialog', { class: 'upload', 'aria-labelledby': 'upload-title' }, form)
const picker = element('input', {
  type: 'file',
  multiple: '',
  hidden: '',
  accept: PICKED,
  'aria-label': 'Files',
})
const open = element('button', { type: 'button', class: 'upload-open' }, 'Upload embeddings')
let chosen: readonly File[] = []
/** Starts the evaluation of what was sent and is held, once its reader said so. */
let goOn: (() => Promise<void>) | null = null

function sizeOf({ size }: File): string {
  return size < 1e6 ? `${Math.ceil(size / 1e3)} KB` : `${(size / 1e6).toFixed(1)} MB`
}

function offer(files: readonly File[]): void {
  if (files.length === 0) return
  chosen = files
  list.replaceChildren(...files.map((file) => element('li', {}, `${file.name}, ${sizeOf(file)}`)))
  const names = suggestedNames(
    files.map((file) => file.name),
    location.pathname,
    new Date(),
  )
  project.value = names.project
  run.value = names.run
  tell('', null)
  doubts.hidden = true
  goOn = null
  send.textContent = 'Evaluate'
  send.disabled = false
  if (!panel.open) panel.showModal()
  run.select()
}

function tell(text: string | Node, fraction: number | null): void {
  says.replaceChildren(text)
  bar.hidden = fraction === null
  if (fraction !== null) bar.value = fraction
}

async function evaluate(): Promise<void> {
  const byName = new Map(
    uploadNames(chosen.map((file) => file.name)).map(
      (name, place) => [name, chosen[place]!] as const,
    ),
  )
  const request = {
    project: project.value,
    run: run.value,
    hold: true,
    files: [...byName].map(([name, file]) => ({ name, byteLength: file.size })),
  }
  const { uploads, statusUrl, ready } = (await answer(
    await fetch('/api/uploads', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    }),
  )) as { uploads: readonly Target[]; statusUrl: string; ready: Omit<Target, 'name'> }
  // A run is evaluated once its vectors are there: they go last.
  const last = (target: Target) => Number(partNamed(target.name) === 'vectors')
  const ordered = [...uploads].sort((a, b) => last(a) - last(b))
  for (const [place, target] of ordered.entries()) {
    tell(`Sending ${target.name}`, place / ordered.length)
    const body = byName.get(target.name)!
    await answer(await fetch(target.url, { method: target.method, headers: target.headers, body }))
  }
  const start = async () => {
    goOn = null
    doubts.hidden = true
    await answer(
      await fetch(ready.url, { method: ready.method, headers: ready.headers, body: '\n' }),
    )
    await follow(statusUrl)
  }
  tell('Reading …', 1)
  const reading = (await answer(await fetch(`${statusUrl}/reading`))) as Reading
  if (reading.doubts.length === 0) return start()
  goOn = start
  // The reader knows the files by their own names.
  const own = (text: string) =>
    [...byName].reduce((said, [name, file]) => said.replaceAll(name, file.name), text)
  show({
    doubts: reading.doubts.map(own),
    files: reading.files.map((file) => ({ ...file, source: own(file.source) })),
  })
}

/** The reading, before it is evaluated: whoever sent the files says whether it is meant. */
function show({ doubts: told, files }: Reading): void {
  doubts.replaceChildren(
    element('h3', {}, 'Is this what you mean?'),
    element('ul', {}, ...told.map((one) => element('li', {}, one))),
    ...files.map((file) =>
      element(
        'details',
        files.length === 1 ? { open: '' } : {},
        element(
          'summary',
          {},
          `${file.source}: ${file.format}, ${file.rows.toLocaleString('en-US')} rows`,
        ),
        element(
          'ul',
          {},
          ...file.fields.map(({ name, type, shape, use }) =>
            element(
              'li',
              {},
              element('b', {}, name),
              ` ${[type, ...shape.slice(1).map((size) => `× ${size ?? '?'}`)].join(' ')}: ${use}`,
            ),
          ),
          ...(file.more === 0 ? [] : [element('li', {}, `and ${file.more} more`)]),
        ),
      ),
    ),
  )
  doubts.hidden = false
  tell('Nothing is evaluated yet. To correct it, close this and drop other files.', null)
  send.textContent = 'Evaluate it so'
  send.disabled = false
  send.focus()
}

async function follow(statusUrl: string): Promise<void> {
  for (;;) {
    const response = await fetch(statusUrl)
    // The server may not have seen the last file yet.
    const status = response.status === 404 ? null : ((await answer(response)) as Status)
    if (status?.status === 'published' || status?.status === 'failed') {
      const good = status.status === 'published'
      const link = element(
        'a',
        { href: `/${status.page ?? ''}` },
        good ? 'Open the report' : 'See why',
      )
      tell(link, null)
      if (!good) says.prepend('It can’t be evaluated. ')
      link.focus()
      return
    }
    const stage = status?.stage ? STAGE_WORDS[status.stage] : 'waiting for the evaluation to start'
    tell(`${stage.replace(/^./, (letter) => letter.toUpperCase())} …`, status?.fraction ?? 0)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** The answer's JSON, or null where it has none; its own words as an error where it is a refusal. */
async function answer(response: Response): Promise<unknown> {
  const text = await response.text()
  let body: unknown = null
  try {
    body = text === '' ? null : JSON.parse(text)
  } catch {
    body = null
  }
  if (response.ok) return body
  const told = body as { message?: string; error?: { message?: string } } | null
  throw new Error(
    told?.message ?? told?.error?.message ?? `the server answered ${response.status}: ${text}`,
  )
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  send.disabled = true
  ;(goOn ?? evaluate)().catch((error: unknown) => {
    tell(error instanceof Error ? error.message : String(error), null)
    send.disabled = false
  })
})
cancel.addEventListener('click', () => panel.close())
open.addEventListener('click', () => picker.click())
picker.addEventListener('change', () => {
  offer([...(picker.files ?? [])])
  picker.value = ''
})
addEventListener('dragover', (event) => {
  if (!event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  document.body.classList.add('upload-over')
})
addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) document.body.classList.remove('upload-over')
})
addEventListener('drop', (event) => {
  document.body.classList.remove('upload-over')
  if (!event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  offer([...event.dataTransfer.files])
})
document.body.append(open, picker, panel)
