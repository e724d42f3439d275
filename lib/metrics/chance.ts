/** What random neighbours would reach with these class sizes: the level that a figure has to beat. */

import { winner } from '../core/vote.ts'
import { mean } from '../stats/summary.ts'
import type { MetricInput } from './metric.ts'

const VOTE_DRAWS = 20_000

/** A chance level of a row, from how many of the rows that may be its neighbours match it. */
export type ChanceLevel = (mates: number, candidates: number) => number

/** Mean over the rows that have a match to find. */
export function chanceOf({ rows }: MetricInput, level: ChanceLevel): number {
  // Rows of a class have the same mates, and of most runs all rows the same candidates.
  const known = new Map<number, Map<number, number>>()
  const levels = new Float64Array(rows.mates.length).fill(Number.NaN)
  for (const [row, mates] of rows.mates.entries()) {
    if (mates === 0) continue
    const candidates = rows.candidates[row]!
    const ofMates = known.get(mates) ?? new Map<number, number>()
    const value = ofMates.get(candidates) ?? level(mates, candidates)
    ofMates.set(candidates, value)
    known.set(mates, ofMates)
    levels[row] = value
  }
  return mean(levels)
}

/** That at least one of k random neighbours matches. */
export function hitByChance(k: number): ChanceLevel {
  return (mates, candidates) => {
    let miss = 1
    for (let draw = 0; draw < Math.min(k, candidates); draw++) {
      miss *= Math.max(0, candidates - mates - draw) / (candidates - draw)
    }
    return 1 - miss
  }
}

/** Mean of 1 / rank of the first match in a random order. */
export function reciprocalRankByChance(mates: number, candidates: number): number {
  let sum = 0
  let noneYet = 1
  for (let rank = 1; rank <= candidates - mates + 1; rank++) {
    const now = mates / (candidates - rank + 1)
    sum += (noneYet * now) / rank
    noneYet *= 1 - now
  }
  return sum
}

/** Mean of MAP@R in a random order: each of the R ranks holds a match with the same probability. */
export function averagePrecisionByChance(mates: number, candidates: number): number {
  const here = mates / candidates
  const elsewhere = candidates > 1 ? (mates - 1) / (candidates - 1) : 0
  let sum = 0
  for (let rank = 1; rank <= mates; rank++) sum += (here * (1 + (rank - 1) * elsewhere)) / rank
  return sum / mates
}

/** How often a vote of k random neighbours is right: drawn, since tied labels have no short formula. */
export function voteByChance({ dataset, rows, random }: MetricInput, k: number): number {
  const { labels, queries, groups } = dataset
  const draw = random(1)
  const voters = Int32Array.from(labels.keys()).filter((row) => rows.evaluated[row])
  const gallery = Int32Array.from(labels.keys()).filter((row) => !queries?.[row])
  const mayMeet = (row: number, other: number) =>
    other !== row && (groups === undefined || groups[row]! < 0 || groups[row] !== groups[other])
  // A group that holds most of the gallery leaves little to draw from: that is listed once.
  const listed = new Map<number, Int32Array>()
  const poolOf = (row: number) => {
    if (2 * rows.candidates[row]! > gallery.length - 2) return gallery
    const group = groups![row]!
    const pool = listed.get(group) ?? gallery.filter((other) => mayMeet(row, other))
    listed.set(group, pool)
    return pool
  }
  let right = 0
  for (let vote = 0; vote < VOTE_DRAWS; vote++) {
    const row = voters[Math.floor(draw() * voters.length)]!
    const pool = poolOf(row)
    const others: number[] = []
    while (others.length < Math.min(k, rows.candidates[row]!)) {
      const other = pool[Math.floor(draw() * pool.length)]!
      if (mayMeet(row, other) && !others.includes(other)) others.push(other)
    }
    if (winner(others.map((other) => labels[other]!)) === labels[row]) right++
  }
  return right / VOTE_DRAWS
}
