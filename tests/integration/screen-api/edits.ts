import type { EditableTable, RowEdit } from '../../../shared/contract/queries.ts'
import type { queriesApi } from '../../helpers/queries-api.ts'

type Api = Awaited<ReturnType<typeof queriesApi>>

/** Changes rows as the screen does. @param api asked for each time: it is there once the suite has begun */
export const editing = (api: () => Api) => ({
  async tableOf(sql: string): Promise<EditableTable> {
    const { client, place } = api()
    const { table, reason } = await client.queries.editable({ ...place, sql })
    if (!table) throw new Error(reason)
    return table
  },
  apply(
    { schema, table }: EditableTable,
    edits: RowEdit[],
    wish: { session?: string; apply?: boolean; manual?: boolean } = {},
  ) {
    const { client, place } = api()
    return client.queries.edit({ session: 'tab', ...place, schema, table, edits, apply: true, ...wish })
  },
  /** Rows as the screen shows them, by column. */
  async shown(sql: string) {
    const { client, run } = api()
    const events = await run(sql, { session: 'look' })
    const found = events.find((event) => event.type === 'rows')
    const source = { query: found?.query ?? '', statement: 0 }
    const { rows, columns } = await client.results.window({ source, offset: 0, limit: 100 })
    return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null])))
  },
})
