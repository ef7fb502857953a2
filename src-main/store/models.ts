import type { Model, ModelAttributes, ModelStatic, Sequelize, DataTypes as Types } from 'sequelize'

/** On Postgres the workspace lives in a schema of its own, so that it can share a database with anything else. */
export const postgresSchema = 'sluice'

/** Names and columns of every table as they are now; how they came to be is in migrations/. */
export function defineModels(sequelize: Sequelize, types: typeof Types) {
  const { TEXT, INTEGER, BOOLEAN, DOUBLE } = types
  // Sequelize writes into attribute objects, so every column needs its own.
  const key = () => ({ type: TEXT, primaryKey: true })
  const needed = () => ({ type: TEXT, allowNull: false })
  const define = (name: string, attributes: ModelAttributes): ModelStatic<Model> =>
    sequelize.define(name, attributes, { tableName: name, timestamps: false, freezeTableName: true })
  return {
    connections: define('connections', {
      name: key(),
      config: needed(),
      secrets: TEXT,
      createdAt: needed(),
      updatedAt: needed(),
    }),
    secrets: define('secrets', { name: key(), sealed: needed(), updatedAt: needed() }),
    settings: define('settings', { key: key(), value: needed() }),
    runs: define('runs', {
      id: key(),
      pipeline: needed(),
      file: TEXT,
      documentHash: TEXT,
      mode: needed(),
      dryRun: { type: BOOLEAN, allowNull: false },
      params: needed(),
      state: needed(),
      pid: { type: INTEGER, allowNull: false },
      host: needed(),
      processStart: TEXT,
      createdAt: needed(),
      startedAt: TEXT,
      finishedAt: TEXT,
      error: TEXT,
      resumedFrom: TEXT,
    }),
    documents: define('documents', { hash: key(), text: needed() }),
    nodeRuns: define('node_runs', {
      runId: key(),
      node: key(),
      state: needed(),
      attempt: { type: INTEGER, allowNull: false },
      counts: needed(),
      ms: DOUBLE,
      kept: { type: BOOLEAN, allowNull: false },
      error: TEXT,
      columns: TEXT,
      fingerprint: TEXT,
    }),
    outputs: define('outputs', {
      runId: key(),
      node: key(),
      port: key(),
      file: needed(),
      table: needed(),
      rows: { type: DOUBLE, allowNull: false },
      columns: needed(),
      fingerprint: TEXT,
      createdAt: needed(),
    }),
    queries: define('queries', {
      id: key(),
      connection: needed(),
      sql: needed(),
      at: needed(),
      ms: { type: DOUBLE, allowNull: false },
      rows: DOUBLE,
      affected: DOUBLE,
      state: needed(),
      error: TEXT,
    }),
    logs: define('logs', {
      id: { type: INTEGER, primaryKey: true, autoIncrement: true },
      runId: needed(),
      at: needed(),
      level: needed(),
      node: TEXT,
      message: needed(),
    }),
  }
}

export type Models = ReturnType<typeof defineModels>
