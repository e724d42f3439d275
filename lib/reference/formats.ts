/** The part of `docs/uploads.md` that says what nearmiss makes of each format. */

import { formatRecord, isRead } from '../core/format-of.ts'
import { FORMATS, type FormatId } from '../core/formats.ts'

/** Formats that are read, each with its extensions. */
export function readFormats(): string {
  const ids = (Object.keys(FORMATS) as FormatId[]).filter(isRead)
  return [
    '| format | extensions |',
    '| --- | --- |',
    ...ids.map((id) => {
      const { title, extensions } = formatRecord(id)
      return `| ${title} | ${extensions.map((extension) => `\`${extension}\``).join(', ')} |`
    }),
  ].join('\n')
}

/** Formats that aren't read, with what makes one that is of labels: of vectors it takes more words. */
export function unreadFormats(): string {
  const ids = (Object.keys(FORMATS) as FormatId[]).filter((id) => formatRecord(id).unread)
  return [
    '| format | extensions | a line that makes labels of it that are read |',
    '| --- | --- | --- |',
    ...ids.map((id) => {
      const { title, extensions, unread } = formatRecord(id)
      const remedy = unread!.instead(`labels${extensions[0]}`, 'labels')
      const [, command = ''] = /: (.+)$/.exec(remedy) ?? []
      const named = extensions.map((extension) => `\`${extension}\``).join(', ')
      return `| ${title} | ${named} | \`${command}\` |`
    }),
  ].join('\n')
}
