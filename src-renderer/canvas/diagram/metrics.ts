import { type Box, shownColumns } from './model.ts'

/** Sizes of a table's card in pixels, known before it is drawn. */
export const boxWidth = 232
export const headHeight = 30
export const columnHeight = 20
const foot = 4

export function boxHeight(box: Box, keysOnly: boolean): number {
  const count = shownColumns(box, keysOnly).length
  return headHeight + (count === 0 ? 0 : count * columnHeight + foot)
}

/** How far below the top of its card a column's middle is; of the card's head, where the column is not shown. */
export function columnMiddle(box: Box, keysOnly: boolean, column: string | undefined): number {
  const index = shownColumns(box, keysOnly).findIndex(({ name }) => name === column)
  return index < 0 ? headHeight / 2 : headHeight + (index + 0.5) * columnHeight
}
