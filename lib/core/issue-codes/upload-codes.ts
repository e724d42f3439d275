/** Codes of files and places: what an upload is made of, before any file of it is read. */

import { error, note } from './code.ts'

export const UPLOAD_CODES = {
  'access-denied': error(
    'The server doesn’t give the file to whoever asks.',
    'Give an address that is signed and not expired, or s3://bucket/key with your credentials, or download the file.',
  ),
  'empty-file': error(
    'A file has 0 bytes.',
    'It was cut short or never written: write or upload it again.',
  ),
  'evaluation-died': error(
    'The process ended during each try to evaluate the upload, most likely for want of memory.',
    'Evaluate a sample of the rows, or give the machine or function more memory and send the upload again.',
  ),
  'file-too-large': error(
    'A file has more bytes than are read.',
    'Save the vectors as Parquet, of which only what is needed is read, or as float16; or evaluate a sample of the rows.',
  ),
  'file-unused': error(
    'Labels are missing, and a file is there that plays no part.',
    'If it holds the labels, call it labels, as in labels.csv.',
  ),
  'files-unused': note(
    'Files of the upload play no part.',
    'Rename those that are meant: embeddings, gallery, labels, metadata and nearmiss.yaml are read.',
  ),
  'incomplete-upload': error(
    'A part of the upload isn’t there: the labels, or a file that was announced.',
    'Put it into the file or beside it, or name it with an option such as --labels FILE.',
  ),
  'is-folder': error('An option names a folder, and a file is meant.', 'Give the file itself.'),
  'no-embeddings': error(
    'The folder holds no file of embeddings.',
    'Call the file embeddings, as in embeddings.npz, or give the file itself.',
  ),
  'not-a-report': error(
    'The file isn’t a report that nearmiss wrote.',
    'Give report.json of a run, the run’s folder, or embeddings.',
  ),
  'not-found': error(
    'There is no file, folder or object of this name.',
    'Check the path or the address; the message names what is near it.',
  ),
  'redirect-refused': error(
    'The address leads on to a place that isn’t followed.',
    'Give the address where the file lies in the end.',
  ),
  'too-many-files': error(
    'More objects lie below the place than an upload has.',
    'Give the folder of one upload, or the file of embeddings itself.',
  ),
  'unknown-format': error(
    'The file is of a format that isn’t read, or of none that is known.',
    'Follow the line of code of the message, which saves the same as a format that is read.',
  ),
  'unusable-name': error('The file’s name can’t be part of an address.', 'Rename the file.'),
  'upload-one-file-a-row': error(
    'Many arrays of NumPy are there, and none is called embeddings: one a row, as it seems.',
    'Make one file of them with the line that the message gives.',
  ),
  'upload-ambiguous': error(
    'Several files could be one part of the upload.',
    'Keep one of them, or rename the others.',
  ),
  'upload-too-large': error(
    'The files of the upload take more memory together than may be used.',
    'Put pictures of single rows into a folder of the upload; else evaluate a sample of the rows, or give the machine more memory.',
  ),
  'web-page': error(
    'The address answers with a web page, not with a file.',
    'Give the address of the file itself, which such pages call raw or download.',
  ),
}
