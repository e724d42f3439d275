/** What each command is called with: the one source of parsing, help and the nearest right spelling. */

import { READ_EXTENSIONS } from '../../lib/core/format-of.ts'

export interface OptionDefinition {
  /** What stands for the value in the help (`FILE`); none for a switch. */
  readonly value?: string
  readonly help: string
}

export interface CommandDefinition {
  readonly summary: string
  /** What the help calls each argument that is not an option; one in brackets (`[SITE]`) may be left out. */
  readonly operands: readonly string[]
  readonly details: readonly string[]
  readonly options: Readonly<Record<string, OptionDefinition>>
  readonly examples: readonly string[]
}

const READ = `${READ_EXTENSIONS.slice(0, -1).join(', ')} or ${READ_EXTENSIONS.at(-1)}`

/** Options of every command. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
  verbose: { help: 'tell more: log lines, and the stack of an unexpected error' },
  help: { help: 'show this help' },
}

export const BACKENDS = ['auto', 'tfjs-node-gpu', 'tfjs-node', 'wasm'] as const
export const METRICS = ['euclidean', 'cosine'] as const
/** Who may read a site that is served to others. */
export const READERS = ['password', 'openid', 'open'] as const

/** Files beside INPUT. */
const PARTS: Readonly<Record<string, OptionDefinition>> = {
  gallery: {
    value: 'FILE',
    help: 'hold INPUT against these embeddings (else gallery.* beside it)',
  },
  labels: { value: 'FILE', help: 'labels, where they are not in INPUT (else labels.* beside it)' },
  metadata: { value: 'FILE', help: 'columns for slices and ids (else metadata.* beside INPUT)' },
  manifest: { value: 'FILE', help: 'settings (else nearmiss.yaml or nearmiss.json beside INPUT)' },
}

const evaluation: Readonly<Record<string, OptionDefinition>> = {
  ...PARTS,
  baseline: {
    value: 'RUN_OR_FILE',
    help: "compare with this: a run of the project, 'previous', 'best', 'none', or a file or folder; several with commas between",
  },
  project: { value: 'NAME', help: "project's name (else the name of INPUT's folder)" },
  run: { value: 'NAME', help: "run's name (else INPUT's own name)" },
  metric: { value: 'NAME', help: `${METRICS.join(' or ')} (else the manifest's, else euclidean)` },
  backend: { value: 'NAME', help: `${BACKENDS.join(', ')}: what computes; auto takes the fastest` },
}

const PAGES = { value: 'DIR', help: 'pages of your own: every .mdx in it is made for each run' }

const SITE_URL = {
  value: 'URL',
  help: "where the site will be published (else SITE_URL, else the manifest's site_url)",
}

const PLACES =
  'INPUT and FILE are paths, s3://bucket/key or https:// addresses; - is standard input, as INPUT.'

const SITE_SAYS =
  'SITE is what report or serve wrote to: a folder, or s3://bucket/prefix (else ./nearmiss-report).'

const backend = { backend: evaluation.backend! }

export const COMMANDS = {
  report: {
    summary: 'evaluate embeddings and write the report',
    operands: ['INPUT'],
    details: [
      `INPUT is a file of embeddings (${READ}), or a folder laid out like an upload:`,
      'embeddings.*, and gallery.*, labels.*, metadata.* or nearmiss.yaml.',
      'Labels, ids and metadata may be inside the file or beside it.',
      PLACES,
    ],
    options: {
      ...evaluation,
      out: {
        value: 'SITE',
        help: 'the site to write or to join: a folder, or s3://bucket/prefix (else ./nearmiss-report; with --json: nothing)',
      },
      'site-url': SITE_URL,
      pages: PAGES,
      'single-file': { help: 'also write the page as one .html file, pictures inside' },
      json: { help: 'print report.json, and nothing else, on stdout' },
    },
    examples: [
      'nearmiss report samples/digits/nca-32.npz',
      'nearmiss report new.npz --baseline old.npz --out site',
      'nearmiss report embeddings.npy --labels labels.csv --json > report.json',
      'nearmiss report s3://uploads/uploads/faces/v3 --out s3://reports/site',
    ],
  },
  serve: {
    summary: 'run it all on this machine: drop a file, read the report',
    operands: [],
    details: [
      'Watches DIR/uploads/<project>/<run>/ and publishes to DIR/site, at http://127.0.0.1:PORT.',
      'An empty DIR starts with the bundled samples. Ctrl-C ends it.',
      'With --site it only gives a published site to readers, who sign in; READER_PASSWORD, READER_KEY and',
      'OPENID_… are read from the environment (docs/deployment.md).',
    ],
    options: {
      bucket: { value: 'DIR', help: 'where uploads and reports are kept (else ./bucket)' },
      wait: {
        value: 'SECONDS',
        help: 'evaluate an upload once no file of it changed for so long (else 0.4)',
      },
      port: { value: 'N', help: 'the first port to try, with --site the only one (else 4173)' },
      site: { value: 'SITE', help: 'give this site to readers: a folder, or s3://bucket/prefix' },
      host: { value: 'ADDRESS', help: 'with --site: where to listen (else 127.0.0.1)' },
      'site-url': {
        value: 'URL',
        help: 'with --site: the address that readers know (else SITE_URL)',
      },
      readers: {
        value: 'WHO',
        help: `with --site, who may read: ${READERS.join(', ')} (else READERS, else open on this machine)`,
      },
      pages: PAGES,
      ...backend,
    },
    examples: [
      'nearmiss serve',
      'nearmiss serve --bucket /data/nearmiss --port 8080',
      'nearmiss serve --site s3://reports --host 0.0.0.0 --site-url https://reports.example.com --readers openid',
    ],
  },
  gate: {
    summary: 'pass or fail by the gates, for use in CI',
    operands: ['INPUT_OR_REPORT'],
    details: [
      "INPUT_OR_REPORT is what 'nearmiss report' takes, or a report: report.json, or a run's folder.",
      'Exit status: 0 every gate passed, 1 a gate failed, 3 a gate could not be judged.',
    ],
    options: { ...evaluation, json: { help: 'print the results as JSON on stdout' } },
    examples: [
      'nearmiss gate embeddings.npz --manifest nearmiss.yaml',
      'nearmiss gate nearmiss-report/digits/runs/nca-32',
    ],
  },
  compare: {
    summary: 'what B fixed and broke since A, and whether that is evidence of a change',
    operands: ['A', 'B'],
    details: ["A and B are each what 'nearmiss report' takes, or a report (as for 'gate')."],
    options: {
      metric: evaluation.metric!,
      ...backend,
      markdown: { help: 'print the comparison as Markdown, for a pull request' },
      json: { help: 'print the comparison as JSON on stdout' },
    },
    examples: ['nearmiss compare samples/digits/nca-16-small.npz samples/digits/nca-32.npz'],
  },
  delete: {
    summary: 'remove a run, or a project, with all that derives from it',
    operands: ['[SITE]', 'PROJECT', '[RUN]'],
    details: [
      SITE_SAYS,
      'Pages, index, items, pictures, previews, feed and vault lose the run; later runs that were',
      'compared with it are written anew without it. Stopped halfway, the same call ends it.',
      'The upload stays, unless --uploads is given, and serve would evaluate it again.',
    ],
    options: {
      uploads: { help: "delete the upload's files too" },
      'dry-run': { help: 'list what would be deleted, and delete nothing' },
      yes: { help: 'delete without asking' },
    },
    examples: [
      'nearmiss delete faces v3',
      'nearmiss delete bucket faces v3 --uploads --yes',
      'nearmiss delete s3://reports/site faces --dry-run',
    ],
  },
  repair: {
    summary: 'make the indexes and pages of a site anew from its runs',
    operands: ['[SITE]'],
    details: [
      SITE_SAYS,
      'Runs that are complete and not listed are listed, what a stopped publication left is ended or',
      'taken away, and index, pages, badge and feed are made from the reports. What is right stays.',
      'Exit status: 0 the site is right, 1 something is for a person to look at.',
    ],
    options: { 'site-url': SITE_URL },
    examples: ['nearmiss repair site', 'nearmiss repair s3://reports/site'],
  },
  verify: {
    summary: 'say what a repair of a site would change, and change nothing',
    operands: ['[SITE]'],
    details: [SITE_SAYS, 'Exit status: 0 nothing would change, 1 something would.'],
    options: { 'site-url': SITE_URL },
    examples: ['nearmiss verify site'],
  },
  doctor: {
    summary: 'check this machine, or show how a file is read without evaluating it',
    operands: ['[INPUT]'],
    details: [
      'With INPUT it shows what is in its files: formats, arrays or columns, what each is used as and why,',
      'what is doubtful, and the memory that an evaluation takes. Nothing is evaluated or written.',
      'Exit status: 0 where reports can be made, or the input can be evaluated; 2 where the input can not;',
      '70 where no report can be made on this machine.',
    ],
    options: { ...PARTS, json: { help: 'print the findings as JSON on stdout' } },
    examples: ['nearmiss doctor', 'nearmiss doctor embeddings.parquet --labels labels.csv'],
  },
} as const satisfies Record<string, CommandDefinition>

export type CommandName = keyof typeof COMMANDS

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[]
