import { AppError } from '../../../shared/errors.ts'
import type { WritePlan } from '../dialect.ts'
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
  if (plan.columns.length === 0)
    throw new AppError('CONFIG_COLUMN', `No columns arrive for table ${plan.table.name}.`, {
      hint: 'A load needs at least one column.',
    })
  for (const key of plan.keys) requireArrival(plan, key)
  const wanted = { schema: await schemaOf(session, plan.table), name: plan.table.name }
  // A load before this one, in the same transaction, may have made the table.
  const pending = session.pending.stageOf(wanted)
  const place = pending ?? wanted
  const found = await findTable(session, place)
  const table = found && { ...found, name: plan.table.name }
  switch (plan.mode) {
    case 'fail':
      if (table) throw exists(plan)
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
      if (!table)
        throw new AppError('QUERY_MISSING', `There is no table ${plan.table.name} to ${plan.mode} rows in.`, {
          hint: 'Check the name and the schema, or create the table first.',
        })
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
  if (plan.keys.length === 0)
    throw new AppError('CONFIG_INVALID', `Mode ${plan.mode} needs the key columns that rows are matched by.`, {
      hint: 'Name the keys of the load.',
      at: { field: 'keys' },
    })
  checkTable(plan, table)
  if (plan.mode === 'upsert' && !table.keys.some((key) => sameSet(key, plan.keys)))
    throw new AppError('CONFIG_INVALID', `Table ${table.name} has no unique key on (${plan.keys.join(', ')}).`, {
      hint: table.keys.length
        ? `Its keys are ${table.keys.map((key) => `(${key.join(', ')})`).join(', ')}.`
        : 'Add a primary key or a unique constraint to the table.',
      at: { field: 'keys' },
    })
  const stage = await openStage(session, plan, table, place)
  return { into: stage.into, stage }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const names = b.map((name) => name.toLowerCase())
  return a.length === b.length && a.every((name) => names.includes(name.toLowerCase()))
}

function requireArrival(plan: WritePlan, key: string): void {
  if (plan.columns.some((column) => column.name.toLowerCase() === key.toLowerCase())) return
  throw new AppError('CONFIG_COLUMN', `The key column ${key} does not arrive.`, {
    hint: `Columns that arrive: ${plan.columns.map((column) => column.name).join(', ')}.`,
    at: { field: 'keys' },
  })
}

function requireTable(table: MyTable): void {
  if (table.kind === 'table') return
  throw new AppError('QUERY_CONFLICT', `${table.name} is a view; rows can only be loaded into tables.`, {
    hint: 'Load into the table behind the view.',
  })
}

/** Columns of a delete that are no keys only pass by; all others must exist and be writable. */
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
  const names = plan.mode === 'delete' ? plan.keys : plan.columns.map((column) => column.name)
  for (const name of names) {
    const column = columnNamed(table, name)
    if (!column)
      throw new AppError('QUERY_MISSING', `Table ${table.name} has no column ${name}.`, {
        hint: `Its columns are ${table.columns.map((candidate) => candidate.name).join(', ')}.`,
      })
    if (column.generated && plan.mode !== 'delete')
      throw new AppError('CONFIG_COLUMN', `Column ${name} of table ${table.name} is computed by the database.`, {
        hint: 'Leave it out before the load.',
      })
  }
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

function exists(plan: WritePlan): AppError {
  return new AppError('QUERY_CONFLICT', `Table ${plan.table.name} already exists.`, {
    hint: 'Choose another mode: append, replace, truncate or upsert.',
  })
}
