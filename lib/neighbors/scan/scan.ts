/** The fourth step: a thread scans one tile after the other. */

import type { Histograms, ScanSetup } from '../types.ts'
import { ClassScan } from './class-scan.ts'
import { lookoutOf } from './lookout.ts'
import { NearScan } from './near-scan.ts'

export interface Scan {
  /** Scans a tile. */
  readonly add: (index: number) => void
  /** Brings the histograms up to date. */
  readonly drain: () => void
}

/** The scan of one thread. @param thread whose scratch is used, from 0 */
export function openScan(setup: ScanSetup, histograms: Histograms, thread: number): Scan {
  const lookout = lookoutOf(setup, thread)
  const { byClass } = setup
  if (byClass === null) return new NearScan(setup, lookout)
  return new ClassScan(setup, byClass, histograms, lookout)
}
