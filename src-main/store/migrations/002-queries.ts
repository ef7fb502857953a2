import type { Migration } from './migration.ts'

/** What was run in the query workbench. */
export const queries: Migration = {
  name: '002-queries',
  async up({ query, types, table, transaction }) {
    const { TEXT, DOUBLE } = types
    const needed = () => ({ type: TEXT, allowNull: false })
    const number = () => ({ type: DOUBLE, allowNull: true })
    await query.createTable(
      table('queries'),
      {
        id: { type: TEXT, primaryKey: true, allowNull: false },
        connection: needed(),
        sql: needed(),
        at: needed(),
        ms: { type: DOUBLE, allowNull: false },
        rows: number(),
        affected: number(),
        state: needed(),
        error: { type: TEXT, allowNull: true },
      },
      { transaction },
    )
    await query.addIndex(table('queries'), { fields: ['at'], name: 'queries_at', transaction })
  },
}
