import { registry } from '../../shared/nodes/registry.ts'
import { newNode } from '../../shared/pipeline/edit-nodes.ts'
import type { Parameter } from '../../shared/pipeline/schema.ts'
import { parametersOf } from '../../shared/sql/statements.ts'
import { addReadyNode } from '../canvas/actions.ts'
import { newDocument } from '../files/actions.ts'
import { activeDocument, changeDocument } from '../stores/documents.ts'
import { goTo } from '../stores/window.ts'
import { showNotice } from '../ui/notify.ts'
import { rangeOf } from './actions.ts'
import { dialectOf, isWorkspace } from './connections.ts'
import { tabOf } from './tabs.ts'

/** Makes the statement a query node of the pipeline in front, or of a new one; parameters it has not are declared. */
export async function toPipeline(id: string): Promise<void> {
  const tab = tabOf(id)
  const range = tab && rangeOf(tab, 'statement')
  if (!tab || !range || tab.connection === null) return
  if (isWorkspace(tab.connection)) {
    showNotice('In a pipeline, read each table with a node of its own and join their rows with an SQL node.')
    return
  }
  const sql = tab.sql.slice(range.from, range.to).replace(/;\s*$/, '')
  const dialect = dialectOf(tab.connection, tab.folder)
  const document = activeDocument()?.id ?? (await newDocument())
  goTo('pipelines')
  changeDocument(document, (pipeline) => {
    const missing = parametersOf(sql, dialect).filter((name) => pipeline.parameters.every((one) => one.name !== name))
    const added = missing.map((name): Parameter => {
      const { type = 'text', value = null } = tab.params[name] ?? {}
      return { name, type, ...(value === null ? { optional: true } : { default: value }) }
    })
    return added.length === 0 ? pipeline : { ...pipeline, parameters: [...pipeline.parameters, ...added] }
  })
  const node = newNode('query', registry)
  addReadyNode(document, { ...node, config: { ...node.config, connection: tab.connection, sql } }, [40, 40])
  showNotice('The query is a node of the pipeline now.')
}
