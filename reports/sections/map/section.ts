/** The map of the rows. */

import type { Section } from '../section.ts'
import { mapConclusion } from './conclusion.ts'
import { MapFigure } from './map.tsx'
import { MAP_SCRIPT, mapScript } from './map-script.ts'
import * as snippets from './snippets.ts'

export const section: Section = {
  id: 'map',
  topic: 'Map',
  conclusion: mapConclusion,
  bare: {
    'all-equal': 'All rows are equal: a map of them is one dot.',
  },
  parts: { Map: MapFigure },
  snippets,
  files: { [MAP_SCRIPT]: mapScript },
}
