/** Rows of a table that a load changed. */
export interface Applied {
  inserted: number
  updated: number
  deleted: number
}

export const noneApplied = (): Applied => ({ inserted: 0, updated: 0, deleted: 0 })

export function addApplied(total: Applied, part: Applied): void {
  total.inserted += part.inserted
  total.updated += part.updated
  total.deleted += part.deleted
}
