import { AppError } from '../../../shared/errors.ts'
import type { WritePlan } from '../dialect.ts'
import {
  requireArrivals,
  requireColumns,
  requireKeys,
  requireTable,
  requireUnique,
  type SameName,
  tableExists,
  tableMissing,
} from '../server/load-checks.ts'
import { findTable, type MyTable, schemaOf } from './catalog.ts'
import { createPending } from './create-table.ts'
import type { Into } from './into.ts'
import type { Link } from './link.ts'
import { type Place, placeSql } from './pending.ts'
import { literal } from './sql.ts'
import { columnNamed, openStage, type Stage } from './stage.ts'

/** Where rows are loaded, and what makes them count. */
export interface Target {
  into: Into
  /** The staging table, where rows are applied to the table afterwards. */
  stage?: Stage
  /** The table that comes to be with the transaction, given up when the load fails. */
  made?: Place
}

/** Creates, empties or stages as the plan says, inside the open transaction. @throws AppError CONFIG_*, QUERY_* */
export async function openTarget(session: Link, plan: WritePlan): Promise<Target> {
  requireArrivals(plan, sameName)
  const wanted = { schema: await schemaOf(session, plan.table), name: plan.table.name }
  // A load before this one, in the same transaction, may have made the table.
  const pending = session.pending.stageOf(wanted)
  const place = pending ?? wanted
  const found = await findTable(session, place)
  const table = found && { ...found, name: plan.table.name }
  switch (plan.mode) {
    case 'fail':
      if (table) throw tableExists(plan)
      return made(session, plan, wanted, false)
    case 'append':
      return table ? { into: direct(plan, table, place) } : made(session, plan, wanted, false)
    case 'truncate': {
      if (!table) return made(session, plan, wanted, false)
      const into = direct(plan, table, place)
      // TRUNCATE would commit, and is not undone.
      await session.change(`delete from ${placeSql(place)}`)
      return { into }
    }
    case 'replace': {
      const standing = pending ? await findTable(session, wanted) : table
      if (standing) {
        requireTable(standing)
        await refuseDependents(session, standing)
      }
      if (pending) session.pending.remove(wanted)
      return made(session, plan, wanted, standing !== undefined)
    }
    case 'upsert': {
      if (table) return staged(session, plan, table, place)
      const { made: stagePlace } = await made(session, plan, wanted, false)
      const fresh = stagePlace && (await findTable(session, session.pending.stageOf(wanted) ?? wanted))
      if (!fresh) throw new AppError('INTERNAL', `Table ${plan.table.name} was made but is not found.`)
      return { ...(await staged(session, plan, fresh, fresh)), made: wanted }
    }
    case 'update':
    case 'delete':
      if (!table) throw tableMissing(plan)
      return staged(session, plan, table, place)
  }
}

async function made(session: Link, plan: WritePlan, wanted: Place, exists: boolean): Promise<Target> {
  const stage = await createPending(session, plan, wanted, exists)
  const table = await findTable(session, stage)
  const columns = plan.columns.map((column) => ({ column, target: table && columnNamed(table, column.name) }))
  return { into: { table: placeSql(stage), columns, replaces: false }, made: wanted }
}

function direct(plan: WritePlan, table: MyTable, place: Place): Into {
  checkTable(plan, table)
  const columns = plan.columns.map((column) => ({ column, target: columnNamed(table, column.name) }))
  return { table: placeSql(place), columns, replaces: false }
}

async function staged(session: Link, plan: WritePlan, table: MyTable, place: Place): Promise<Target> {
  requireKeys(plan)
  checkTable(plan, table)
  requireUnique(plan, table, sameName)
  const stage = await openStage(session, plan, table, place)
  return { into: stage.into, stage }
}

const sameName: SameName = (a, b) => a.toLowerCase() === b.toLowerCase()

function checkTable(plan: WritePlan, table: MyTable): void {
  requireTable(table)
  if (!table.transactional)
    throw new AppError(
      'QUERY_CONFLICT',
      `Table ${table.name} uses the engine ${table.engine}, which has no transactions.`,
      {
        hint: `A load that failed could leave some of its rows. Use the mode replace, or run: alter table ${table.name} engine=InnoDB`,
      },
    )
  requireColumns(plan, table, sameName)
}

/** Foreign keys of other tables would follow the table that is replaced. Told before the rows are loaded. */
async function refuseDependents(session: Link, table: MyTable): Promise<void> {
  const rows = await session.script(
    `select distinct concat(table_schema, '.', table_name) from information_schema.key_column_usage
      where referenced_table_schema = ${literal(table.schema)} and referenced_table_name = ${literal(table.name)}
        and not (table_schema = ${literal(table.schema)} and table_name = ${literal(table.name)})`,
  )
  if (rows.length === 0) return
  throw new AppError(
    'QUERY_CONFLICT',
    `Table ${table.name} cannot be replaced: ${rows.map((row) => row[0]).join(', ')} refer${rows.length > 1 ? '' : 's'} to it.`,
    { hint: 'Use the mode truncate, which keeps the table and changes only its rows.' },
  )
}
