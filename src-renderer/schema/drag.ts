import { z } from 'zod'

const table = z.object({
  connection: z.string(),
  /** As a node writes it. */
  table: z.string(),
  /** As it is called. */
  name: z.string(),
})
export type DraggedTable = z.infer<typeof table>

/** Type of what a table of a database puts on a drag, beside its name as text. */
export const tableType = 'application/x-sluice-table'

export function dragTable(transfer: DataTransfer, dragged: DraggedTable): void {
  transfer.setData(tableType, JSON.stringify(dragged))
}

/** The table on a drag that ends; undefined when there is none. */
export function droppedTable(transfer: DataTransfer): DraggedTable | undefined {
  const text = transfer.getData(tableType)
  if (text === '') return undefined
  const { data } = table.safeParse(JSON.parse(text))
  return data
}
