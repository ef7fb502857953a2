import type { Migration } from './migration.ts'

/** Connections, secrets, settings, and the history of runs. */
export const initial: Migration = {
  name: '001-initial',
  async up({ query, types, table, transaction }) {
    const { TEXT, INTEGER, BOOLEAN, DOUBLE } = types
    const key = () => ({ type: TEXT, primaryKey: true, allowNull: false })
    const needed = () => ({ type: TEXT, allowNull: false })
    const text = () => ({ type: TEXT, allowNull: true })
    const flag = () => ({ type: BOOLEAN, allowNull: false })
    const options = { transaction }
    await query.createTable(
      table('connections'),
      { name: key(), config: needed(), secrets: text(), createdAt: needed(), updatedAt: needed() },
      options,
    )
    await query.createTable(table('secrets'), { name: key(), sealed: needed(), updatedAt: needed() }, options)
    await query.createTable(table('settings'), { key: key(), value: needed() }, options)
    await query.createTable(
      table('runs'),
      {
        id: key(),
        pipeline: needed(),
        file: text(),
        documentHash: text(),
        mode: needed(),
        dryRun: flag(),
        params: needed(),
        state: needed(),
        pid: { type: INTEGER, allowNull: false },
        host: needed(),
        processStart: text(),
        createdAt: needed(),
        startedAt: text(),
        finishedAt: text(),
        error: text(),
        resumedFrom: text(),
      },
      options,
    )
    // Apart from the runs, because most runs of a pipeline have the same.
    await query.createTable(table('documents'), { hash: key(), text: needed() }, options)
    await query.createTable(
      table('node_runs'),
      {
        runId: key(),
        node: key(),
        state: needed(),
        attempt: { type: INTEGER, allowNull: false },
        counts: needed(),
        ms: { type: DOUBLE, allowNull: true },
        kept: flag(),
        error: text(),
        columns: text(),
        fingerprint: text(),
      },
      options,
    )
    await query.createTable(
      table('outputs'),
      {
        runId: key(),
        node: key(),
        port: key(),
        file: needed(),
        table: needed(),
        rows: { type: DOUBLE, allowNull: false },
        columns: needed(),
        fingerprint: text(),
        createdAt: needed(),
      },
      options,
    )
    await query.createTable(
      table('logs'),
      {
        id: { type: INTEGER, primaryKey: true, autoIncrement: true },
        runId: needed(),
        at: needed(),
        level: needed(),
        node: text(),
        message: needed(),
      },
      options,
    )
    const index = (name: string, fields: string[]) =>
      query.addIndex(table(name), { fields, name: `${name}_${fields.join('_')}`, transaction })
    await index('runs', ['createdAt'])
    await index('runs', ['state'])
    await index('outputs', ['fingerprint'])
    await index('logs', ['runId'])
  },
}
