/** What an upload is evaluated by: the settings of its run over those of its project. */

import { withDefaults } from '../config/completion.ts'
import { decodeManifest, parseSettings } from '../config/manifest.ts'
import { mergeSettings } from '../config/merge.ts'
import { stricterPrivacy } from '../config/privacy.ts'
import type { ManifestInput } from '../config/schema.ts'
import { InputError } from '../core/errors.ts'
import type { Manifest, Metric } from '../core/manifest.ts'
import type { InputFile } from '../core/table.ts'
import type { Upload } from './content.ts'

/** What the caller says instead of the manifest. */
export interface Overrides {
  readonly metric?: Metric
  /** One or several, with commas between them. */
  readonly baseline?: string
  readonly maps?: Manifest['maps']
}

/** What an upload is evaluated by; null where it can't be read, and the upload not be evaluated. */
export function readableManifest(upload: Upload): Manifest | null {
  try {
    return manifestOf(upload)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/**
 * The run's settings over those of its project.
 *
 * @throws InputError
 */
export function manifestOf(upload: Upload): Manifest {
  const later = settingsOf(upload.laterSettings ?? null)
  const project = settingsOf(upload.settings)
  const privacy = stricterPrivacy(project.privacy ?? {}, later.privacy ?? {})
  return withDefaults(mergeSettings({ ...project, privacy }, settingsOf(upload.runSettings)))
}

/** The files of settings that an upload is evaluated by, the project's first, as messages call them. */
export function settingsFiles({ settings, parts }: Pick<Upload, 'settings' | 'parts'>): string[] {
  return [settings?.name, parts?.manifest].filter((name) => typeof name === 'string')
}

function settingsOf(file: InputFile | null): ManifestInput {
  return file === null ? {} : parseSettings(decodeManifest(file.bytes, file.name), file.name)
}
