/** What the map says of a row: its picture, what it is, and what the baseline said. */

import { element } from './element.ts'
import { unpack } from './map-data.ts'
import type { Model } from './map-model.ts'

const SVG = 'http://www.w3.org/2000/svg'

export interface Cards {
  /** The row's picture; null where it has none. */
  picture(row: number): Element | null
  /** Everything, as the card under the pointer shows it. */
  card(row: number): (Element | string)[]
  /** A sentence for the list and for who can't see the map. */
  sentence(row: number): string
  /** Where the row stands beside its neighbours; null where no finding shows it. */
  evidence(row: number): { readonly title: string; readonly href: string } | null
}

export function openCards(model: Model): Cards {
  const { data, ids, label, right, rightBefore, nearest, distance, margin } = model
  const { images } = data
  const place = images?.kind === 'sprite' ? unpack(images.place, Int32Array) : null
  const addresses = images?.kind === 'links' ? images.rest.split('\n') : null
  const evidence = new Map<number, { title: string; href: string }>()
  for (const { title, href, rows } of data.evidence) {
    for (const row of unpack(rows, Int32Array)) {
      if (!evidence.has(row)) evidence.set(row, { title, href })
    }
  }
  const nameOf = (row: number) => data.classes[label[row]!] ?? ''
  const judged = (row: number) => {
    const other = nearest[row]!
    if (other < 0) return 'no neighbour'
    const apart = distance[row]!.toPrecision(3)
    return right[row] === 1
      ? `nearest ${ids[other]}, of the same class, at ${apart}`
      : `taken for ${nameOf(other)}: nearest ${ids[other]} at ${apart}`
  }
  const earlier = (row: number) => {
    if (rightBefore === null || data.before === null) return null
    const { run } = data.before
    if (rightBefore[row] === 2) return `not in ${run}`
    return rightBefore[row] === 1 ? `right in ${run}` : `wrong in ${run}`
  }
  const cards: Cards = {
    picture(row) {
      if (images?.kind === 'sprite' && place) {
        const [width, height] = images.tile
        const at = place[row]!
        const svg = document.createElementNS(SVG, 'svg')
        const x = (at % images.perLine) * width
        const y = Math.floor(at / images.perLine) * height
        svg.setAttribute('viewBox', `${x} ${y} ${width} ${height}`)
        svg.setAttribute('aria-hidden', 'true')
        const use = document.createElementNS(SVG, 'use')
        use.setAttribute('href', '#sheet')
        svg.append(use)
        return svg
      }
      const rest = addresses?.[row] ?? ''
      if (images?.kind !== 'links' || rest === '') return null
      return element('img', { src: images.start + rest, alt: '', decoding: 'async' })
    },
    card(row) {
      const was = earlier(row)
      const lines = [
        element('b', {}, element('bdi', {}, nameOf(row) || '(empty)')),
        element('bdi', { class: 'map-id' }, ids[row] ?? ''),
        element('span', right[row] === 1 ? {} : { class: 'bad' }, judged(row)),
      ]
      if (!Number.isNaN(margin[row]!)) {
        lines.push(element('span', {}, `margin ${margin[row]!.toPrecision(3)}`))
      }
      if (was !== null) lines.push(element('span', {}, was))
      const picture = cards.picture(row)
      return picture === null
        ? [element('div', {}, ...lines)]
        : [picture, element('div', {}, ...lines)]
    },
    sentence: (row) =>
      [`${ids[row]}, ${nameOf(row) || '(empty)'}`, judged(row), earlier(row)]
        .filter((part) => part !== null)
        .join('; '),
    evidence: (row) => evidence.get(row) ?? null,
  }
  return cards
}
