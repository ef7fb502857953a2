/** The tree of a database that is on screen, for commands. */
export interface ShownTree {
  /** Puts the caret into its search. */
  search(): void
  refresh(): Promise<void>
}

let shown: ShownTree | undefined

/** @returns what takes it back */
export function registerTree(tree: ShownTree): () => void {
  shown = tree
  return () => {
    if (shown === tree) shown = undefined
  }
}

export const shownTree = (): ShownTree | undefined => shown
