/** Panels: eight positions side by side, as the kernel multiplies them. */

/** Positions of a panel. */
export const PANEL_ROWS = 8

/** Bytes of a panel: pairs of dimensions, each number two bytes long. */
export function panelBytes(dimensions: number): number {
  return Math.ceil(dimensions / 2) * 4 * PANEL_ROWS
}

/** Positions rounded up to whole panels. */
export function panelPositions(rows: number): number {
  return Math.ceil(rows / PANEL_ROWS) * PANEL_ROWS
}
