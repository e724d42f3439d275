/** Codes of reading a file, a family for each format. */

import { error, note, toldInMessage, warning } from './code.ts'

export const FORMAT_CODES = {
  'arrow-damaged': error(
    'The Arrow or Feather file can’t be read.',
    'It was damaged or cut short: write or upload it again.',
  ),
  'arrow-unended': toldInMessage(
    warning(
      'The Arrow stream doesn’t say that it ends, so that rows at its end may be missing.',
      'Close the writer, which marks the end, or upload it again.',
    ),
  ),
  'feather-version': error(
    'The file is Feather of version 1, which isn’t Arrow.',
    'Write it again as version 2, Parquet or Arrow: the message has the line of code.',
  ),

  'csv-empty': error(
    'The table holds no line of text.',
    'Write a line of column names, and a line for each row.',
  ),
  'csv-header': error(
    'The first line of the table names no usable columns.',
    'Name each column once in the first line.',
  ),
  'csv-line-too-long': error(
    'A line of the table has more characters or entries than are read.',
    'Check that lines end where rows end; save long vectors as npz or Parquet.',
  ),
  'csv-number': error(
    'An entry of a vector isn’t a number.',
    'Write plain decimal numbers, or leave the row out.',
  ),
  'csv-ragged': error(
    'A line has more or fewer entries than the header.',
    'Put entries that hold the delimiter into double quotes, or write the file with a library.',
  ),
  'csv-syntax': error(
    'The file isn’t a table of text that can be read.',
    'Write it with a library, such as pandas’ to_csv.',
  ),
  'csv-too-many': error(
    'The file has more columns or dimensions than are read.',
    'Leave out the columns that are no part of the vectors, the labels or the metadata.',
  ),
  'dialect-chosen': note(
    'The table’s delimiter, header, decimal comma or marks between thousands were found out from the text itself.',
    'If it is read wrongly, write the file with commas, decimal points and a line of column names.',
  ),
  'numbers-ambiguous': error(
    'Numbers such as 1.234 may be a thousand or a fraction, and no other number of the file shows which.',
    'Save the file with nothing between thousands.',
  ),
  'encoding-chosen': note(
    'The text isn’t UTF-8; its encoding was found out.',
    'If letters are wrong, save the file as UTF-8.',
  ),

  'json-empty': error('The JSON file holds no rows.', 'Write one object a row.'),
  'json-lengths': error(
    'Lists of one JSON object have different lengths.',
    'Give each list one entry a row, or write one object a row.',
  ),
  'json-mixed': error(
    'A key holds entries of different kinds.',
    'Give each row an entry of one kind; null sets a row aside.',
  ),
  'json-nested': error(
    'A key holds objects or lists where one entry a row is needed.',
    'Give each row one text or number there, or a list of numbers for a vector.',
  ),
  'json-shape': error(
    'It isn’t clear what the rows of the JSON file are.',
    'Write one object a row, with the vector as a list.',
  ),
  'json-syntax': error(
    'The file isn’t JSON that can be read.',
    'Write it with a library; if it was cut short, upload it again.',
  ),

  'npy-header': error(
    'The NumPy array’s header can’t be read.',
    'Save the array again with np.save or np.savez.',
  ),
  'npy-length': error(
    'The array’s shape needs more or fewer bytes than are there.',
    'The file was cut short or padded: save or upload it again.',
  ),
  'npy-object': error(
    'The array holds Python objects, which only pickle can read, and nearmiss never unpickles.',
    'Save it as numbers or texts: the message has the line of code.',
  ),
  'npy-text': error('An entry of an array can’t be read as text.', 'Save the array as str.'),
  'npy-type': error('The array is of a type that isn’t read.', 'Save it as float32 or as str.'),
  'npy-unnamed': error(
    'A .npy file holds one array, and metadata needs a name for each column.',
    'Save the columns by name with np.savez.',
  ),
  'type-chosen': note(
    'An array says how many bytes a number has, and not its type; the type was taken from how tools write it.',
    'If it is another type, save the array as float32.',
  ),

  'npz-duplicate': error(
    'The file holds two arrays of one name.',
    'Save it again with np.savez, each array under a name of its own.',
  ),
  'npz-empty': error('The zip holds no NumPy arrays.', 'Save the arrays with np.savez.'),
  'npz-no-columns': error(
    'The file holds no array with one value a row.',
    'Save one value a row for each column.',
  ),
  'zip-damaged': error(
    'The zip can’t be read.',
    'It was damaged or cut short: save it again, or upload it again.',
  ),
  'zip-too-large': error(
    'What the zip holds unfolds to more bytes than are read.',
    'Evaluate a sample of the rows, or save the arrays as float16.',
  ),

  'packed-damaged': error(
    'The file can’t be unpacked as gzip or zstd.',
    'It was damaged or cut short: pack it again, or upload it unpacked.',
  ),
  'packed-too-large': error(
    'The file unpacks to more bytes than are read.',
    'Save the vectors as Parquet or safetensors, of which only what is needed is read.',
  ),

  'parquet-damaged': error(
    'The Parquet file can’t be read.',
    'It was damaged or cut short: write or upload it again.',
  ),
  'parquet-encrypted': error(
    'The Parquet file is encrypted, and nearmiss has no key.',
    'Write it without encryption.',
  ),

  'safetensors-damaged': error(
    'The file isn’t safetensors that can be read.',
    'It was damaged or cut short: save it again.',
  ),
  'safetensors-empty': error(
    'The safetensors file holds no tensors.',
    'Save the vectors as the tensor embeddings, and the labels beside the file.',
  ),
  'safetensors-type': error(
    'The tensor is of a type that isn’t read.',
    'Convert it to float32 before saving.',
  ),

  'class-names': note(
    'Numbers were read as the class names that Hugging Face’s datasets noted in the file.',
    'If they are something else, write them as numbers of another type: dataset.cast_column("label", Value("int64"))',
  ),
  'class-nameless': warning(
    'Numbers of a column of named classes have no name in the file.',
    'Give the names of all classes: ClassLabel(names=[…]); -1 stands where there is no label.',
  ),
  'vectors-base64': note(
    'Vectors written as base64 were read as float32.',
    'If they are something else, write them as lists of numbers.',
  ),
  'vectors-decimal-commas': error(
    'Vectors in the cells of a column have commas before their fractions.',
    'Write them with points: the message has the line of code.',
  ),
  'vectors-elided': error(
    'The vectors were cut short when they were written: “...” stands where numbers were left out.',
    'Write the numbers themselves, for example with tolist(), and not what print shows.',
  ),
  'vectors-missing': error(
    'Entries of a column of the vectors are missing.',
    'Leave out the rows without a vector.',
  ),
  'vectors-ragged': error(
    'Rows have vectors of different lengths.',
    'Give each row a vector of the same length.',
  ),
  'base64-type': error(
    'Vectors in base64 are no float32, or might as well be of another type: their numbers tell.',
    'Write them as lists of numbers, or encode them as little-endian float32.',
  ),
  'projector-config': error(
    'The settings of the Embedding Projector can’t be used.',
    'Write them with the projector’s plugin, or leave them out where the vectors are a file of text.',
  ),
  'projector-shape': error(
    'A file of bare numbers has no shape, or another one than its bytes.',
    'Put projector_config.json beside it, with the rows and dimensions of its tensorShape.',
  ),
}
