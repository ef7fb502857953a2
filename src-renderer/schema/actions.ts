import { addTable } from '../canvas/add-table.ts'
import { cardHeight, cardWidth } from '../canvas/metrics.ts'
import { focusCanvas, viewOf } from '../canvas/views.ts'
import { nameText } from '../editors/names.ts'
import { newDocument } from '../files/actions.ts'
import { activeDocument } from '../stores/documents.ts'
import { selectionOf } from '../stores/selection.ts'
import { goTo } from '../stores/window.ts'
import { showNotice } from '../ui/notify.ts'
import { insertText, openDiagram, openStatement } from '../workbench/open.ts'
import type { DraggedTable } from './drag.ts'
import type { Picked } from './place.ts'
import { fetchDetail } from './queries.ts'
import { nodeName, sqlName, type Template, templateOf } from './sql-texts.ts'

const writingOf = ({ database: { dialect }, defaultSchema }: Picked) => ({ dialect, defaultSchema })

/** What is picked, as SQL writes it. */
export function nameOf(picked: Picked): string {
  const { object, column, schema, database } = picked
  if (column) return nameText(column.name, database.dialect)
  if (object) return sqlName(object, writingOf(picked))
  return schema === null ? '' : nameText(schema, database.dialect)
}

/** All rows of a table, in a tab of its own. */
export async function openRows(picked: Picked): Promise<void> {
  const { object, database } = picked
  if (object) await openStatement(object.name, `select * from ${sqlName(object, writingOf(picked))}`, database)
}

export const writeName = (picked: Picked): void => insertText(nameOf(picked))

/** Puts its columns, or a statement made of them, where the caret is. @throws AppError CONNECTION_*, QUERY_* */
export async function writeTemplate(picked: Picked, template: Template): Promise<void> {
  const { object, database } = picked
  const detail = object && (await fetchDetail(database, object))
  if (object && detail) insertText(templateOf(template, object, detail.columns, writingOf(picked)))
}

export function showInDiagram({ object, schema, database }: Picked): void {
  openDiagram(object ? object.schema : schema, object?.name ?? null, database)
}

export async function copyName(picked: Picked): Promise<void> {
  const name = nameOf(picked)
  await navigator.clipboard.writeText(name)
  showNotice(`Copied ${name}.`)
}

/** What a drag of it carries. */
export const draggedOf = ({ object, database, defaultSchema }: Picked): DraggedTable | undefined =>
  object ? { connection: database.connection, table: nodeName(object, defaultSchema), name: object.name } : undefined

/** Makes the table a node of the pipeline in front, or of a new one. */
export async function addToPipeline(picked: Picked): Promise<void> {
  const dragged = draggedOf(picked)
  if (!dragged) return
  const document = activeDocument()?.id ?? (await newDocument())
  goTo('pipelines')
  const [x, y] = viewOf(document)?.pointer() ?? [40 + cardWidth / 2, 40 + cardHeight / 2]
  addTable(document, dragged, [x - cardWidth / 2, y - cardHeight / 2])
  focusCanvas(document, selectionOf(document).nodes[0])
  showNotice(`${dragged.name} is a node of the pipeline now.`)
}
