/** Codes of rows: joining files, labels, ids, roles, privacy and pictures. */

import { error, note, toldInMessage, warning } from './code.ts'

export const DATASET_CODES = {
  'column-repeats-labels': note(
    'A column has one entry for each class, so its slices are the classes again.',
    'Nothing; if its entries are the names that you want to read, name it: columns.label.',
  ),
  'column-withheld': note(
    'A column isn’t published, since it looks like contacts, repeats hashed ids or holds vectors.',
    'Give it a rule under privacy.columns: keep, hash or drop.',
  ),
  'dimension-counts-rows': toldInMessage(
    warning(
      'One dimension of the vectors is a number of the row, which weighs in every distance.',
      'Leave it out: give its column the rule drop under privacy.columns.',
    ),
  ),
  'dimension-repeats-labels': toldInMessage(
    warning(
      'One dimension of the vectors is a whole number for each class, so rows of a class are near each other whatever the model does.',
      'Leave it out: give its column the rule drop under privacy.columns, or save the vectors without it.',
    ),
  ),
  'columns-constant': note(
    'Columns have the same entry in all rows.',
    'Nothing, if that is meant; else check the step that writes them.',
  ),
  'dimensions-differ': error(
    'Queries and gallery have vectors of different lengths.',
    'Make both with the same model.',
  ),
  'duplicate-id': error(
    'Several rows have one id.',
    'Make the ids unique, or leave the column out.',
  ),
  'empty-id': error('Rows have no id.', 'Give each row an id, or leave the column out.'),
  'gallery-only-classes': note(
    'Classes are in the gallery alone, where they are there to be confused with.',
    'Nothing, if that is meant.',
  ),
  'group-column-missing': error(
    'No column has the name that columns.group gives.',
    'Correct columns.group, or leave it out.',
  ),
  'identical-vectors': warning(
    'All vectors are identical, so no figure tells anything about the model.',
    'Check the step that makes the vectors.',
  ),
  'ids-look-grouped': toldInMessage(
    warning(
      'Ids look like several frames or crops of one thing, which find each other.',
      'Name the column that tells them apart: columns.group.',
    ),
  ),
  'ids-look-like-contacts': toldInMessage(
    warning(
      'Ids look like addresses or numbers of people, and are published.',
      'Set privacy: {ids: hashed}, or keep for their column.',
    ),
  ),
  'image-column-missing': error(
    'No column has the name that columns.image gives.',
    'Correct columns.image, or leave it out.',
  ),
  'image-refused': warning(
    'Pictures are left out: their addresses can’t or may not be shown.',
    'Use https addresses, or paths of pictures beside the upload.',
  ),
  'image-template': error(
    'The template of the pictures’ addresses names a column that isn’t there.',
    'Put a column of the upload into the braces.',
  ),
  'label-conflict': error(
    'Rows have one label in one file and another in another.',
    'Keep the labels in one place.',
  ),
  'labels-alike': toldInMessage(
    warning(
      'Classes differ only in how a number is written, spaces, capitals or the encoding of a character.',
      'If they are one class, say so: labels: { normalise: true }',
    ),
  ),
  'labels-continuous': error(
    'The labels are numbers with fractions, and more than half of them differ: a measurement, not classes.',
    'Name the column that holds classes: columns.label; or make classes of the numbers.',
  ),
  'labels-fractions': warning(
    'The labels are numbers with fractions, each of which is evaluated as a class.',
    'If they are a measurement, name another column: columns.label.',
  ),
  'labels-levels': error(
    'The labels have several levels a row.',
    'Name the level that is meant: columns.label.',
  ),
  'labels-likely': error(
    'No column is called label, and one looks like it: whole numbers among the vector’s columns, or words in a file without column names.',
    'If it is the label, name it: columns.label; else put labels.csv beside the file.',
  ),
  'labels-look-like-contacts': toldInMessage(
    warning(
      'Labels look like addresses or numbers of people, and are published.',
      'Give the label’s column a rule under privacy.columns: hash, or keep.',
    ),
  ),
  'labels-missing': error(
    'No column or array is called label.',
    'Add one, put labels.csv beside the file, or name the column: columns.label.',
  ),
  'labels-merged': note(
    'Labels that differ only in form were merged, as the settings say.',
    'Nothing, if that is meant.',
  ),
  'labels-missing-words': toldInMessage(
    warning(
      'Rows whose label says that there is none, such as nan or None, are set aside.',
      'If one of these words is a class, say which are none: labels: { unlabelled: [] }',
    ),
  ),
  'labels-multi-hot': error(
    'Rows have several classes at once.',
    'Give each row one label: the class that its nearest neighbours should share.',
  ),
  'labels-one-hot': note(
    'Labels of one column a class were read as one label a row.',
    'Nothing, if that is meant.',
  ),
  'labels-shape': error(
    'The labels are numbers with fractions, or not one a row.',
    'Give each row one label; predictions of a model are no labels.',
  ),
  'labels-too-long': error(
    'The names of all classes together are longer than is published.',
    'Use short names of the classes as labels.',
  ),
  'missing-id': error(
    'Ids of one file aren’t in the other.',
    'Write both files from the same rows: ids are compared as they are written.',
  ),
  'labels-whole-numbers': note(
    'Labels that are whole numbers with a fraction, such as 3.0, are called by the whole number.',
    'Nothing: a run that writes 3 is then compared with one that writes 3.0.',
  ),
  'no-match-possible': warning(
    'Queries have no row of their class to find.',
    'Add rows of those classes to the gallery, or leave those queries out.',
  ),
  'no-neighbor-possible': warning(
    'Rows have no other row that could be their neighbour.',
    'Check the groups: all rows that could be found are of the row’s own.',
  ),
  'no-vectors': error('The file holds no vectors.', 'Check the step that writes the vectors.'),
  'one-class': warning(
    'All rows have one label, so nothing can be confused with anything.',
    'Check the label’s column.',
  ),
  'privacy-column': error(
    'A rule of privacy.columns can’t be followed, or names no column and nearly one.',
    'Correct the rule: the message says how.',
  ),
  'privacy-column-missing': note(
    'A rule of privacy.columns is for a column that isn’t there.',
    'Nothing, if other uploads have it; else correct the name.',
  ),
  'row-count': error(
    'Files or arrays have different numbers of rows, and no ids to join them by.',
    'Write one line for each vector in the same order, or put the ids into both files.',
  ),
  'rows-became-zero': toldInMessage(
    warning(
      'Rows are so small that they are zeros in float32.',
      'Scale the embeddings, all by one factor.',
    ),
  ),
  'singleton-classes': warning(
    'Classes have one row, which has no match to find.',
    'Add rows of those classes, or leave them out.',
  ),
  'split-column-missing': error(
    'No column has the name that columns.split gives.',
    'Correct columns.split, or leave it out.',
  ),
  'split-twice': error(
    'A file of queries or of the gallery has a column that says the same.',
    'Keep one of the two: the column, or the two files.',
  ),
  'split-unclear': error(
    'The column that tells query from gallery has other entries.',
    'Write query or gallery in each row.',
  ),
  'sprite-format': error('The sprite isn’t a PNG picture.', 'Save it as PNG.'),
  'sprite-missing': error(
    'The settings name a sprite, and no such file lies beside the embeddings.',
    'Put the picture beside the embeddings, or take images out of the settings.',
  ),
  'sprite-size': error(
    'The sprite has fewer tiles than the upload has rows.',
    'Give every row a tile, in row order; check images.tile.',
  ),
  'time-column-missing': error(
    'No column has the name that columns.time gives.',
    'Correct columns.time, or leave it out.',
  ),
  'too-few-rows': error(
    'Fewer than two rows can be evaluated.',
    'Give each row a finite vector and a label.',
  ),
  'vectors-integers': error(
    'Values are integers of 2^53 or more, which doubles round.',
    'Take away what all rows have in common before saving, or scale them as floats.',
  ),
  'vectors-too-large': error(
    'Values are too large for float32, in which rows are evaluated.',
    'Scale the embeddings, all by one factor.',
  ),
  'vectors-too-small': error(
    'Rows are too small for float32, in which they are evaluated.',
    'Scale the embeddings, all by one factor.',
  ),
  'zero-vectors': warning(
    'Rows are all zeros, as of an encoder that failed.',
    'Leave those rows out, or embed them again.',
  ),
  'rows-contradict': error(
    'Two files have several columns in common that name their rows, and these disagree.',
    'Say by which one the rows are joined: columns: { id: NAME }',
  ),
  'rows-joined': toldInMessage(
    warning(
      'Two files have their rows in different orders, and were joined by a column that both have.',
      'Name the column, if it is the right one: columns: { id: NAME }',
    ),
  ),
  'rows-shuffled': error(
    'A column numbers the rows of a file in another order than they stand in, and the file beside it has none.',
    'Put ids into both files, or write the file anew without that column.',
  ),
  'queries-copied-in-gallery': toldInMessage(
    warning(
      'Queries have an identical vector in the gallery, which they find first.',
      'If it is the query itself, give both rows one id.',
    ),
  ),
  'queries-differ-in-gallery': error(
    'An id is among the queries and in the gallery, with another vector or another group.',
    'Write both files from one set of vectors, or give other rows ids of their own.',
  ),
  'queries-in-gallery': note(
    'Queries are in the gallery too: each is held against it without itself.',
    'Nothing, if that is meant.',
  ),
}
