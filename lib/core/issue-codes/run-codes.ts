/** Codes of an evaluation: its figures, its memory, and the run that it is held against. */

import { error, note, toldInMessage, warning } from './code.ts'

export const RUN_CODES = {
  'baseline-labels': toldInMessage(
    warning(
      'Rows have another label than in the baseline.',
      'Nothing, if labels were corrected: what a new label put right counts as fixed.',
    ),
  ),
  'baseline-metric': toldInMessage(
    warning(
      'The baseline uses another distance.',
      'Set metric to that of the baseline to compare distances and margins.',
    ),
  ),
  'baseline-missing': warning(
    'The baseline that the settings name isn’t there.',
    'Correct the name, or leave baseline out.',
  ),
  'baseline-number-forms': note(
    'The baseline writes classes that are numbers otherwise, such as 3.0 for 3; they are compared as the same.',
    'Nothing, if that is meant.',
  ),
  'baseline-rows': warning(
    'This run and the baseline don’t have the same rows; those in both are compared.',
    'Give rows the same ids in both.',
  ),
  'baseline-scale': toldInMessage(
    warning(
      'The vectors are of another scale than the baseline’s.',
      'Compare neighbours, shares and ranks; scale the vectors to compare distances.',
    ),
  ),
  'baseline-unreadable': warning(
    'The baseline’s files can’t be read.',
    'Restore them, or name another baseline.',
  ),
  'equal-distances': toldInMessage(
    warning(
      'Rows lie at one distance, so that their order decides figures.',
      'Save the vectors with more digits; the message gives the range of each figure.',
    ),
  ),
  'exact-duplicates': warning(
    'Rows share their vector with others, and find each other whatever the model does.',
    'Leave copies out, or name their column: columns.group.',
  ),
  'neighbors-rounded': warning(
    'Rows lie so near to their neighbours that rounding to float32 decides which these are.',
    'Take away what all rows have in common before saving.',
  ),
  'rows-became-equal': warning(
    'Rows that differ in the upload are equal in float32, in which they are evaluated.',
    'Take away what all rows have in common before saving.',
  ),
  'tied-neighbors': warning(
    'Rows have equally near neighbours of different labels.',
    'Save the vectors with more digits, or leave copies out.',
  ),
  'too-large': error(
    'The evaluation takes more memory than may be used here.',
    'Evaluate a sample of the rows, or give the machine or function more memory.',
  ),
  'vectors-float32': error(
    'Rows differ in digits that float32 doesn’t hold.',
    'Take away what all rows have in common, or scale the vectors.',
  ),
}
