import {
  IconClipboardCopy,
  IconCode,
  IconColumns3,
  IconCursorText,
  IconFileCode,
  IconPencil,
  IconRefresh,
  IconRowInsertBottom,
  IconSchema,
  IconSearch,
  IconTable,
  IconTopologyStar3,
} from '@tabler/icons-react'
import { addToPipeline, copyName, openRows, showInDiagram, writeName, writeTemplate } from '../schema/actions.ts'
import type { Picked } from '../schema/place.ts'
import { shownTree } from '../schema/shown-tree.ts'
import type { Template } from '../schema/sql-texts.ts'
import { showDefinition, useSchema } from '../schema/state.ts'
import { useWindow } from '../stores/window.ts'
import { type Command, defineCommand } from './define.ts'

/** What is picked in the tree or the diagram on screen. */
function picked(): Picked | null {
  const { screen } = useWindow.getState()
  return screen === 'query' || screen === 'pipelines' ? useSchema.getState().picked : null
}
const table = () => (picked()?.object ? picked() : null)
const atEditor = () => useWindow.getState().screen === 'query'

/** A command on what is picked; offered only while there is such a thing. */
function onPicked(
  command: Omit<Command, 'section' | 'enabled' | 'run'>,
  find: () => Picked | null,
  run: (picked: Picked) => void | Promise<void>,
): Command {
  return defineCommand({
    ...command,
    section: 'Tables',
    enabled: () => find() !== null,
    run() {
      const found = find()
      return found ? run(found) : undefined
    },
  })
}

export const openTableRows = onPicked(
  { id: 'tables.open', title: 'Open rows', icon: IconTable, keys: ['Enter'], native: true },
  table,
  openRows,
)

export const writeTableName = onPicked(
  { id: 'tables.writeName', title: 'Write its name', icon: IconCursorText, keys: ['shift+Enter'], native: true },
  () => (atEditor() ? picked() : null),
  writeName,
)

const writing = (template: Template, title: string, icon: Command['icon']) =>
  onPicked(
    { id: `tables.write.${template}`, title, ...(icon && { icon }) },
    () => (atEditor() ? table() : null),
    (found) => writeTemplate(found, template),
  )

export const showTableDefinition = onPicked(
  { id: 'tables.definition', title: 'Show definition', icon: IconFileCode },
  table,
  showDefinition,
)

export const tableInDiagram = onPicked(
  { id: 'tables.diagram', title: 'Show in diagram', icon: IconSchema },
  picked,
  showInDiagram,
)

export const copyTableName = onPicked(
  { id: 'tables.copyName', title: 'Copy name', icon: IconClipboardCopy, keys: ['mod+C'], native: true },
  picked,
  copyName,
)

export const tableToPipeline = onPicked(
  { id: 'tables.toPipeline', title: 'Add to pipeline', icon: IconTopologyStar3 },
  table,
  addToPipeline,
)

export const searchTables = defineCommand({
  id: 'tables.search',
  title: 'Search tables',
  section: 'Tables',
  icon: IconSearch,
  keys: ['alt+T'],
  whileTyping: true,
  enabled: () => shownTree() !== undefined,
  run: () => shownTree()?.search(),
})

export const refreshTables = defineCommand({
  id: 'tables.refresh',
  title: 'Refresh tables',
  section: 'Tables',
  icon: IconRefresh,
  enabled: () => shownTree() !== undefined,
  run: () => shownTree()?.refresh(),
})

/** What can be done with tables of a database. */
export const onTables = [
  openTableRows,
  writeTableName,
  writing('columns', 'Write its columns', IconColumns3),
  writing('select', 'Write SELECT', IconCode),
  writing('insert', 'Write INSERT', IconRowInsertBottom),
  writing('update', 'Write UPDATE', IconPencil),
  showTableDefinition,
  tableInDiagram,
  copyTableName,
  tableToPipeline,
  searchTables,
  refreshTables,
]
