/** JSON Lines, and JSON in the layouts that tools write: one look at everything, and then what was chosen is read. */

import type { FileSource } from '../../core/file-source.ts'
import type { Contents, Opener, OpenOptions } from '../contents.ts'
import { toUtf8 } from '../delimited/encoding.ts'
import { readJson } from './reading.ts'
import { jsonRecords } from './records.ts'
import { surveyJson } from './survey.ts'

export const openJson: Opener = (file, options) => open(file, options, false)

export const openJsonLines: Opener = (file, options) => open(file, options, true)

async function open(file: FileSource, options: OpenOptions, areLines: boolean): Promise<Contents> {
  const source = file.name
  const { text, warnings } = toUtf8(await file.bytes(), source)
  const records = jsonRecords(text, source, areLines, options)
  const survey = surveyJson(records, source, options.columns)
  return {
    source,
    where: source,
    fields: survey.fields,
    warnings: [...warnings, ...records.warnings],
    ...(survey.isHeaderless ? { isHeaderless: true } : {}),
    read: async (selection) => readJson(records, survey, selection, source),
  }
}
