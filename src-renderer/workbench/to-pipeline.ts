import type { Parameter, Pipeline } from '../../shared/pipeline/schema.ts'
import { parametersOf } from '../../shared/sql/statements.ts'
import { api, asAppError } from '../api/client.ts'
import { addFragment, freePlace } from '../canvas/actions.ts'
import { focusCanvas } from '../canvas/views.ts'
import { emptyPipeline, newDocument } from '../files/actions.ts'
import { activeDocument } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import { goTo } from '../stores/window.ts'
import { showError, showNotice } from '../ui/notify.ts'
import { rangeOf } from './actions.ts'
import { dialectOf, isWorkspace } from './connections.ts'
import { withQuery, withQueryNodes } from './query-nodes.ts'
import { type QueryTab, tabOf } from './tabs.ts'

/**
 * Makes the statement a query node of the pipeline in front, or of a new one; one across databases a node for each table and an SQL node
 * that reads them. Parameters that the pipeline has not are declared.
 */
export async function toPipeline(id: string): Promise<void> {
  const tab = tabOf(id)
  const range = tab && rangeOf(tab, 'statement')
  if (!tab || !range) return
  const sql = tab.sql.slice(range.from, range.to).replace(/;\s*$/, '')
  const fragment = await nodesOf(tab, sql).catch((thrown: unknown) =>
    showError(asAppError(thrown), 'The query cannot be used in a pipeline'),
  )
  if (!fragment) return
  const document = activeDocument()?.id ?? (await newDocument())
  goTo('pipelines')
  const place = freePlace(document, [40, 40], Object.values(fragment.layout))
  const last = addFragment(document, fragment, place)?.nodes.at(-1)
  if (last !== undefined) {
    select(document, { nodes: [last] })
    focusCanvas(document, last)
  }
  const tables = Object.keys(fragment.nodes).length - 1
  showNotice(
    tables === 0
      ? 'The query is a node of the pipeline now.'
      : 'The query is part of the pipeline now: a node for each table, and an SQL node that reads them.',
  )
}

async function nodesOf(tab: QueryTab, sql: string): Promise<Pipeline | undefined> {
  const { connection, folder, params } = tab
  if (connection === null) return undefined
  const parameters = parametersOf(sql, dialectOf(connection, folder)).map((name): Parameter => {
    const { type = 'text', value = null } = params[name] ?? {}
    return { name, type, ...(value === null ? { optional: true } : { default: value }) }
  })
  const empty = { ...emptyPipeline('Query'), parameters }
  return isWorkspace(connection)
    ? withQueryNodes(empty, await api.queries.nodes({ folder, sql }))
    : withQuery(empty, connection, sql)
}
