/** What stands beside the grid. */
export type Side = 'cell' | 'chart' | null
