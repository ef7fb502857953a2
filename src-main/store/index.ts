import type { Sequelize, Transaction } from 'sequelize'
import { storeError } from './errors.ts'
import type { Models } from './models.ts'
import {
  type ConnectionRepository,
  connectionRepository,
  type SecretRepository,
  type SettingRepository,
  secretRepository,
  settingRepository,
} from './names.ts'
import { connect, type StoreOptions, storePlace } from './open.ts'
import { type QueryRepository, queryRepository } from './queries.ts'
import {
  connectionRecord,
  documentRecord,
  logRecord,
  nodeRunRecord,
  outputRecord,
  queryRecord,
  runRecord,
  secretRecord,
  settingRecord,
} from './records.ts'
import { type RunRepository, runRepository } from './runs.ts'
import { type SealedRepository, sealedRepository } from './sealed.ts'
import { Table } from './table.ts'

export type { NewOutput, RunBatch } from './history.ts'
export type { ConnectionRepository, SecretRepository, SettingRepository } from './names.ts'
export { makeHome, type StoreOptions } from './open.ts'
export type { QueryFilter, QueryRepository } from './queries.ts'
export type {
  ConnectionRecord,
  JsonValue,
  LogRecord,
  NodeRunRecord,
  OutputRecord,
  QueryRecord,
  RunMark,
  RunRecord,
  SecretRecord,
} from './records.ts'
export type { NewRun, RunFilter, RunRepository } from './runs.ts'
export type { Resealed, SealedRepository } from './sealed.ts'

/** The workspace database, opened and up to date. Every function throws AppError and nothing else. */
export interface Store {
  connections: ConnectionRepository
  secrets: SecretRepository
  settings: SettingRepository
  sealed: SealedRepository
  runs: RunRepository
  queries: QueryRepository
  close(): Promise<void>
}

/**
 * Opens the workspace database and brings it up to this version; safe for any number of processes at once.
 * Sequelize is loaded here and not before, because it takes longer than everything else at start-up.
 * @throws AppError FILE_*, CONNECTION_*, DOC_VERSION
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const place = storePlace(options)
  let sequelize: Sequelize | undefined
  try {
    sequelize = await connect(options)
    const [{ DataTypes, Transaction }, { migrate }, { defineModels }] = await Promise.all([
      import('sequelize'),
      import('./migrations/index.ts'),
      import('./models.ts'),
    ])
    await migrate(sequelize, DataTypes)
    return assemble(sequelize, defineModels(sequelize, DataTypes), Transaction.TYPES.IMMEDIATE, place)
  } catch (error) {
    await sequelize?.close().catch(() => undefined)
    throw storeError(error, place)
  }
}

function assemble(sequelize: Sequelize, models: Models, type: Transaction.TYPES, place: string): Store {
  const named = {
    connections: new Table(models.connections, connectionRecord),
    secrets: new Table(models.secrets, secretRecord),
    settings: new Table(models.settings, settingRecord),
  }
  const tables = {
    runs: new Table(models.runs, runRecord),
    documents: new Table(models.documents, documentRecord),
    nodes: new Table(models.nodeRuns, nodeRunRecord),
    outputs: new Table(models.outputs, outputRecord),
    logs: new Table(models.logs, logRecord),
  }
  return {
    connections: guarded(connectionRepository(named.connections), place),
    secrets: guarded(secretRepository(named.secrets), place),
    settings: guarded(settingRepository(named.settings), place),
    sealed: guarded(
      sealedRepository(named, (work) => sequelize.transaction({ type }, work)),
      place,
    ),
    runs: guarded(
      runRepository(tables, (work) => sequelize.transaction({ type }, work)),
      place,
    ),
    queries: guarded(
      queryRepository(
        new Table(models.queries, queryRecord),
        sequelize.getDialect() === 'postgres' ? 'strpos' : 'instr',
      ),
      place,
    ),
    close: () => sequelize.close(),
  }
}

/** The same repository, whose errors say what is wrong with the workspace. */
function guarded<T extends object>(repository: T, place: string): T {
  return new Proxy(repository, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key)
      if (typeof method !== 'function') return method
      return async (...values: unknown[]) => {
        try {
          return await Reflect.apply(method, target, values)
        } catch (error) {
          throw storeError(error, place)
        }
      }
    },
  })
}
