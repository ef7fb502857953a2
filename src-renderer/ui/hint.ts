/** Where a hint stands beside its element. */
export type HintPlace = 'top' | 'bottom' | 'right'

interface HintOptions {
  /** A shortcut, shown after the text, as commands write it: `mod+B`. */
  keys?: string | undefined
  /** `top`, where nothing is said. */
  place?: HintPlace | undefined
}

/**
 * Attributes of an element that tells more about itself while the pointer rests on it or keys have come to it. `Hints` shows it: one tooltip
 * serves the whole window, since one for each element would make every screen come later.
 */
export const hint = (text: string, { keys, place }: HintOptions = {}) => ({
  'data-hint': text,
  ...(keys !== undefined && { 'data-hint-keys': keys }),
  ...(place && { 'data-hint-place': place }),
})
