import type { Sequelize, Transaction, DataTypes as Types } from 'sequelize'
import { AppError } from '../../../shared/errors.ts'
import { postgresSchema } from '../models.ts'
import { initial } from './001-initial.ts'
import { queries } from './002-queries.ts'
import type { Migration, MigrationContext } from './migration.ts'

/** In order, oldest first. A migration that was released is never edited; a new one is added. */
const migrations: readonly Migration[] = [initial, queries]

/** Any number will do, as long as all versions of the program use the same one. */
const advisoryLock = 7_589_417_203

/**
 * Brings the workspace up to this version of the program. Processes that start together take turns: the first
 * one migrates, the rest find nothing to do.
 * @throws AppError DOC_VERSION when the workspace was written by a newer version
 */
export async function migrate(sequelize: Sequelize, types: typeof Types): Promise<void> {
  if (await upToDate(sequelize)) return
  const { Umzug } = await import('umzug')
  const { Transaction: T } = await import('sequelize')
  const postgres = sequelize.getDialect() === 'postgres'
  await sequelize.transaction({ type: T.TYPES.IMMEDIATE }, async (transaction) => {
    const run = (sql: string, replacements: string[] = []) => sequelize.query(sql, { replacements, transaction })
    if (postgres) {
      await run(`select pg_advisory_xact_lock(${advisoryLock})`)
      await run(`create schema if not exists ${postgresSchema}`)
    }
    const log = journal(sequelize)
    await run(`create table if not exists ${log} (name text primary key, at text not null)`)
    const umzug = new Umzug<MigrationContext>({
      migrations: migrations.map((migration) => ({
        name: migration.name,
        up: ({ context }) => migration.up(context),
      })),
      context: {
        query: sequelize.getQueryInterface(),
        types,
        table: (name) => (postgres ? { tableName: name, schema: postgresSchema } : name),
        transaction,
      },
      storage: {
        executed: () => executedNames(sequelize, transaction),
        logMigration: async ({ name }) => {
          await run(`insert into ${log} (name, at) values (?, ?)`, [name, new Date().toISOString()])
        },
        unlogMigration: async ({ name }) => {
          await run(`delete from ${log} where name = ?`, [name])
        },
      },
      logger: undefined,
    })
    await umzug.up()
  })
}

const journal = (sequelize: Sequelize) =>
  sequelize.getDialect() === 'postgres' ? `${postgresSchema}.migrations` : 'migrations'

async function executedNames(sequelize: Sequelize, transaction?: Transaction): Promise<string[]> {
  const { QueryTypes } = await import('sequelize')
  const rows = await sequelize.query<{ name: string }>(`select name from ${journal(sequelize)}`, {
    type: QueryTypes.SELECT,
    ...(transaction ? { transaction } : {}),
  })
  return rows.map((row) => row.name)
}

/** Asked first, and without a lock, because nearly always the answer is yes. */
async function upToDate(sequelize: Sequelize): Promise<boolean> {
  const tables = await sequelize.query(
    sequelize.getDialect() === 'postgres'
      ? `select 1 from pg_tables where schemaname = '${postgresSchema}' and tablename = 'migrations'`
      : `select 1 from sqlite_master where type = 'table' and name = 'migrations'`,
  )
  if (!Array.isArray(tables[0]) || tables[0].length === 0) return false
  const done = new Set(await executedNames(sequelize))
  const unknown = [...done].find((name) => !migrations.some((migration) => migration.name === name))
  if (unknown !== undefined) {
    throw new AppError(
      'DOC_VERSION',
      `The workspace was written by a newer version of Sluice (it knows "${unknown}").`,
      {
        hint: 'Update Sluice, or point SLUICE_HOME at another folder.',
      },
    )
  }
  return migrations.every((migration) => done.has(migration.name))
}
