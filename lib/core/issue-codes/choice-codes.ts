/** Codes of choosing what of a file is the vectors, the labels, the ids and the columns. */

import { error, note } from './code.ts'

export const CHOICE_CODES = {
  'array-ignored': note(
    'An array of the file is left out.',
    'The message says why; the settings columns.embeddings, columns.label and columns.id choose others.',
  ),
  'column-chosen': note(
    'A column is taken as the label or the id by its usual name: of several, or where none has the name that the settings say.',
    'Name the one that is meant: columns.label or columns.id.',
  ),
  'column-ignored': note(
    'A column is left out.',
    'The message says why; shorten its entries, or leave it out of the file to end the note.',
  ),
  'column-type': error(
    'A label or an id is no plain value a row, but a record, a map or the like.',
    'Save texts or numbers in it, or name another column in nearmiss.yaml.',
  ),
  'column-twice': note(
    'Two files have a column of one name, and the first is kept.',
    'Rename one of the two.',
  ),
  'columns-too-large': error(
    'The columns besides the vectors are larger than is read.',
    'Leave out columns that nobody slices by.',
  ),
  'csv-vector-gap': error(
    'The numbered columns of the vector leave a number out.',
    'Number them without a gap, or name the columns that are meant: columns.embeddings.',
  ),
  'csv-vector-twice': error(
    'Two columns of the vector have one number.',
    'Number the vector’s columns without repeats.',
  ),
  'embeddings-ambiguous': error(
    'Several arrays or columns could be the vectors.',
    'Name the one that is meant: columns.embeddings.',
  ),
  'embeddings-missing': error(
    'No array or column of the file could be the vectors.',
    'Name it: columns.embeddings; the message lists what is there.',
  ),
  'id-column-missing': error(
    'No column has the name that columns.id gives.',
    'Correct columns.id, or leave it out.',
  ),
  'label-column-missing': error(
    'No column has the name that columns.label gives.',
    'Correct columns.label, or leave it out.',
  ),
  'no-dimensions': error(
    'The vectors have 0 dimensions.',
    'Check the step that makes the vectors.',
  ),
  'split-chosen': note(
    'Arrays were taken as queries and as the gallery by their names.',
    'If they aren’t, name the vectors: columns.embeddings.',
  ),
  'text-too-long': error(
    'A label or an id is longer than one may be.',
    'Use short names as labels and ids, and put descriptions into a column of their own.',
  ),
  'too-many-dimensions': error(
    'The vectors have more dimensions than are read.',
    'Check that rows and columns aren’t swapped; else evaluate fewer dimensions.',
  ),
  'vector-columns-chosen': note(
    'Numbered columns, or one column among others, were taken as the vectors.',
    'If that is wrong, name them: columns.embeddings.',
  ),
  'vectors-shape': error(
    'The array of vectors doesn’t have two axes.',
    'Reshape it to rows × dimensions.',
  ),
  'vectors-type': error('The vectors aren’t numbers.', 'Save them as float32.'),
}
