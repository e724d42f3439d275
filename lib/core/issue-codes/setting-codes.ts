/** Codes of the settings: nearmiss.yaml or nearmiss.json. */

import { error } from './code.ts'

export const SETTING_CODES = {
  'manifest-encoding': error('The settings aren’t UTF-8 text.', 'Save them as UTF-8.'),
  'manifest-key': error(
    'A key can’t be the name of what it stands for.',
    'Metric ids are lower case with underscores; the message says what is wrong.',
  ),
  'manifest-more': error(
    'More keys and values are wrong than are told one by one.',
    'Correct those that are told first.',
  ),
  'manifest-syntax': error(
    'The settings aren’t YAML or JSON that can be read.',
    'Check the indentation, and put text that holds a colon in quotes.',
  ),
  'manifest-too-large': error(
    'The settings are longer than is read.',
    'Keep them to the keys that nearmiss knows.',
  ),
  'manifest-unknown-key': error(
    'A key isn’t one that nearmiss knows.',
    'The message names the nearest, or those that are known.',
  ),
  'manifest-unknown-kind': error(
    'A name is no kind of finding, class or slice.',
    'The message names the nearest, or those that are known.',
  ),
  'manifest-value': error(
    'A key has a value that it can’t have.',
    'docs/manifest.md shows every key with an example.',
  ),
}
