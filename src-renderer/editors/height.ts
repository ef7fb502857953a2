/** Pixels that an editor of so many lines needs. */
export const heightOf = (lines: number): number => lines * 18 + 10
