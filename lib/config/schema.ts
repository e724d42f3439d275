/** What `nearmiss.yaml` may hold, as people write it. Strict: an unknown key is an error. */

import { z } from 'zod'
import { FINDING_KINDS } from '../core/finding-kind.ts'
import { LABEL_FORMS } from '../core/manifest.ts'
import { IMAGE_ADDRESS_PATTERN, NAME_PATTERN } from '../core/names.ts'
import { DEFAULTS } from './defaults.ts'

/** Of any text, so that no page grows with it. */
const LONGEST_TEXT = 2000
const LONGEST_NOTE = 10_000
/** Entries of a map, such as owners or notes. */
const MOST_ENTRIES = 10_000
const MOST_GATES = 100
/** Names in braces, each of which is looked for in every row. */
const MOST_NAMES = 16

const shorterThan = (limit: number) => ({
  error: ({ input }: { input?: unknown }) =>
    `it has ${String(input).length} characters, and at most ${limit} are read`,
})
const fewerThan = (limit: number) => (entries: object) => Object.keys(entries).length <= limit

const text = z.string().min(1, 'it is empty').max(LONGEST_TEXT, shorterThan(LONGEST_TEXT))
const note = z.string().min(1, 'it is empty').max(LONGEST_NOTE, shorterThan(LONGEST_NOTE))
/** `version: 12` is as good as `version: "12"`. */
const textOrNumber = z.union([text, z.number()], 'text is expected')
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'it is not an http or https address' })
  .max(LONGEST_TEXT, shorterThan(LONGEST_TEXT))

/** By item, kind or owner; bounded, since pages are made of them. */
const entries = <T extends z.ZodType>(values: T) => entriesBy(text, values)
const entriesBy = <K extends z.core.$ZodRecordKey, T extends z.ZodType>(keys: K, values: T) =>
  z.record(keys, values).refine(fewerThan(MOST_ENTRIES), `it has more than ${MOST_ENTRIES} entries`)

const kind = z.enum(FINDING_KINDS)
/** What a key of `owners` begins with that is no kind. */
export const OWNER_PREFIXES = ['class:', 'slice:'] as const
const ownerKey = z.union([kind, text.regex(new RegExp(`^(${OWNER_PREFIXES.join('|')})`))])
const effortKey = z.union([kind, text.regex(new RegExp(`^(${FINDING_KINDS.join('|')}):`))])

const image = text
  .regex(IMAGE_ADDRESS_PATTERN, 'it is neither an https address nor a path beside the upload')
  .refine(
    (template) => template.split('{').length - 1 <= MOST_NAMES,
    `it has more than ${MOST_NAMES} names in braces`,
  )

const gate = z.union(
  [
    z.number(),
    z
      .strictObject({
        minimum: z.number().optional(),
        maximum: z.number().optional(),
        no_worse_than_baseline_by: z.number().min(0).optional(),
      })
      .refine((limits) => Object.keys(limits).length > 0, 'it names no limit'),
  ],
  'a number is expected, or minimum, maximum or no_worse_than_baseline_by',
)

const baseline = z.union(
  [z.string().regex(NAME_PATTERN, 'it is not the name of a run'), z.number()],
  'previous, best, none or the name of a run is expected',
)

export const manifestSchema = z
  .strictObject({
    model: z
      .strictObject({
        name: textOrNumber.optional(),
        version: textOrNumber.optional(),
        preprocessing: textOrNumber.optional(),
      })
      .describe('The model that made the embeddings, as the report names it.')
      .optional(),
    metric: z
      .enum(['euclidean', 'cosine'])
      .describe(`Distance between rows. Default: ${DEFAULTS.metric}.`)
      .optional(),
    k: z
      .int()
      .min(10)
      .max(1000)
      .describe(`Neighbours kept and shown for each row. Default: ${DEFAULTS.k}.`)
      .optional(),
    margin: z
      .strictObject({ low: z.number().positive().optional() })
      .describe(
        `A margin under \`low\` counts as low, in units of the distance. Default: ${DEFAULTS.margin.low}.`,
      )
      .optional(),
    intervals: z
      .strictObject({
        cluster: z.enum(['row', 'group', 'class']).optional(),
      })
      .describe(
        `What the figures’ 95 % intervals take to have been drawn: each row by itself, or rows of one group or class together. With group the tests of changes, slices and confused pairs take them together too. Default: ${DEFAULTS.intervals.cluster}, which is the row where the upload names no group.`,
      )
      .optional(),
    duplicates: z
      .strictObject({ near: z.number().min(0).max(1).optional() })
      .describe(
        `Rows closer than \`near\` times the median nearest-neighbour distance count as near duplicates. Default: ${DEFAULTS.duplicates.near}.`,
      )
      .optional(),
    maps: z
      .array(z.enum(['pca', 'tsne', 'umap']))
      .describe(
        'Maps of the rows, of up to 100,000 rows each. Default: pca; tsne of up to 10,000 rows; umap up to 3,000.',
      )
      .optional(),
    baseline: z
      .union(
        [baseline, z.array(baseline).min(1).max(8)],
        'previous, best, none, the name of a run, or a list of those is expected',
      )
      .describe(
        `The run to compare with: previous, best, none, or the name of a run. Of a list the first is the one that items and gates are judged by. Default: ${DEFAULTS.baseline}.`,
      )
      .optional(),
    gates: z
      .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'it is not the id of a metric'), gate)
      .refine(fewerThan(MOST_GATES), `it has more than ${MOST_GATES} entries`)
      .describe(
        'Metric id to its limit; takes the place of the default gates. A number alone is the minimum, or the maximum where lower is better.',
      )
      .optional(),
    owners: entriesBy(ownerKey, text)
      .describe(
        'Kind of finding, class:NAME, slice:COLUMN or slice:COLUMN=VALUE, to the people who own it.',
      )
      .optional(),
    images: z
      .union(
        [
          image,
          z.strictObject({
            sprite: image,
            tile: z.tuple(
              [z.int().min(1).max(4096), z.int().min(1).max(4096)],
              'width and height in pixels are expected, such as [32, 32]',
            ),
          }),
        ],
        'an address with {id}, or sprite and tile, are expected',
      )
      .describe(
        'Pictures of the rows: an https address or a path with {id}, {label} or {COLUMN}; or a sprite and the width and height of its tiles.',
      )
      .optional(),
    tracker: z
      .strictObject({ kind: z.enum(['github', 'gitlab', 'jira', 'linear', 'azure']), url: httpUrl })
      .describe('Where new tickets are opened from the report.')
      .optional(),
    known: z
      .array(
        z.strictObject({
          id: text,
          state: z.enum(['accepted', 'muted']),
          reason: text,
          until: z.iso
            .date({ error: 'it is not a day such as 2026-12-31' })
            .describe('Last day on which it holds, YYYY-MM-DD.')
            .optional(),
        }),
      )
      .max(MOST_ENTRIES, `it has more than ${MOST_ENTRIES} entries`)
      .describe('Items that leave the list, not the history.')
      .optional(),
    notes: entries(note).describe('Item id to a comment, which the item’s page shows.').optional(),
    effort: entriesBy(
      effortKey,
      z.union([z.number().min(0), text], 'a number or words are expected'),
    )
      .describe(
        'Item id, or kind of finding, to the effort that it takes: a number in a unit of your own, which the sprint page adds up, or words.',
      )
      .optional(),
    tickets: entries(httpUrl)
      .describe('Item id to the address of its ticket: the item isn’t proposed again.')
      .optional(),
    site_url: httpUrl
      .describe(
        'Where the site is published, for the addresses that chats and tickets need in full. --site-url and SITE_URL come before it.',
      )
      .optional(),
    upload: z
      .strictObject({ ready: z.enum(['files', 'marker']).optional() })
      .describe(
        `When an upload is complete: once its vectors, labels and announced files are there (files), or once a file _READY lies beside them (marker). Default: ${DEFAULTS.upload.ready}.`,
      )
      .optional(),
    labels: z
      .strictObject({
        unlabelled: z
          .array(z.union([z.string(), z.number()]))
          .describe(
            'Labels that say that a row has none; such rows are set aside. Default: nan, None, null, NA and the like, and -1 where all others are whole numbers from 0 on.',
          )
          .optional(),
        normalise: z
          .union([z.boolean(), z.array(z.enum(LABEL_FORMS))])
          .describe(
            'In what labels may differ and mean one class: how a number is written (3 and 3.0), spaces, capitals (case), how a character is encoded (unicode); true: in all of these. Default: none, and what differs only so is told.',
          )
          .optional(),
      })
      .describe('How labels are cleaned before they are evaluated.')
      .optional(),
    columns: z
      .strictObject({
        embeddings: text.optional(),
        id: text.optional(),
        label: text.optional(),
        split: text.optional(),
        group: text.optional(),
        image: text.optional(),
        time: text.optional(),
      })
      .describe('Names of the columns, where they are not the usual ones.')
      .optional(),
    privacy: z
      .strictObject({
        images: z.enum(['none', 'thumbnails', 'links']).optional(),
        ids: z.enum(['plain', 'hashed']).optional(),
        columns: entries(z.enum(['keep', 'drop', 'hash']))
          .describe(
            'Column to keep, drop or hash; "*" for those without a rule of their own. Default: keep, but for columns that look like contacts.',
          )
          .optional(),
        centroids: z.enum(['kept', 'published', 'none']).optional(),
      })
      .describe(
        `What of the rows is published, or kept. Default: ${DEFAULTS.privacy.images}, ${DEFAULTS.privacy.ids} ids, and all columns but those that look like contacts. Centroids of classes are never published: they are kept for the next run, or not (none).`,
      )
      .optional(),
  })
  .describe('How nearmiss evaluates an upload of embeddings; every key may be left out.')

export type ManifestInput = z.infer<typeof manifestSchema>

/** JSON Schema of `nearmiss.yaml`, for editors. */
export function manifestJsonSchema(): Record<string, unknown> {
  return { title: 'nearmiss.yaml', ...z.toJSONSchema(manifestSchema, { io: 'input' }) }
}
