/** What of the sprint page lives in its address: `#show=all&pick=0a1b2c3d,4e5f6071`. */

export interface PlanState {
  /** The view of the list. */
  readonly show: string
  /** Keys of ticked items: the last eight characters of their slugs. */
  readonly picked: readonly string[]
}

/** Reads an address's fragment; whatever is no key is left out. */
export function planState(hash: string): PlanState {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const picked = (fields.get('pick') ?? '').split(',').filter((key) => /^[0-9a-f]{8}$/.test(key))
  return { show: fields.get('show') ?? 'attention', picked: [...new Set(picked)] }
}

/** The fragment that says it, with its `#`. */
export function addressState({ show, picked }: PlanState): string {
  const fields = [
    ...(show === 'attention' && picked.length > 0 ? [] : [`show=${show}`]),
    ...(picked.length === 0 ? [] : [`pick=${picked.join(',')}`]),
  ]
  return `#${fields.join('&')}`
}
