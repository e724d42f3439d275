/** What is told of the way in which a text file is read, where it isn't the one that its name says. */

import type { Warning } from '../../core/warning.ts'
import { countOf } from '../../core/words.ts'
import type { Dialect } from './dialect.ts'
import type { Delimiter } from './syntax.ts'

const DELIMITER_WORDS: Readonly<Record<Delimiter, string>> = {
  ',': 'commas',
  '\t': 'tabs',
  ';': 'semicolons',
  '|': 'vertical bars',
}

export function dialectWarnings(
  { delimiter, quote, marks, hasHeader, isHeaderComment, hasNullMark, comments }: Dialect,
  usual: ',' | '\t',
  source: string,
  blankColumns: number,
): readonly Warning[] {
  const told = [
    ...(delimiter === usual ? [] : [`${DELIMITER_WORDS[delimiter]} between the columns`]),
    ...(quote === "'" ? ['single quotes around entries'] : []),
    ...(quote === null ? ['double quotes as letters like any other'] : []),
    ...(marks.decimal === ',' ? ['a comma before the fraction of a number'] : []),
    ...(hasNullMark ? ['\\N as an empty entry'] : []),
    ...(hasHeader ? [] : ['no line of column names: they are called column_1, column_2 and so on']),
    ...(isHeaderComment ? ['column names from the line that begins with #'] : []),
    ...(blankColumns === 0
      ? []
      : [
          `${countOf(blankColumns, 'column')} at the right left out, ${hasHeader ? 'without a name' : 'empty'}`,
        ]),
    ...(comments === 0
      ? []
      : [`${countOf(comments, 'line')} before the table left out, as comments`]),
  ]
  if (told.length === 0) return []
  return [{ code: 'dialect-chosen', message: `${source} is read with ${told.join(', and with ')}` }]
}
