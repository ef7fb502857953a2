import type { ColumnType } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WritePlan } from '../dialect.ts'
import { findTable, type PgTable, qualified } from './catalog.ts'
import { createTable } from './create-table.ts'
import type { Link } from './link.ts'
import { openStage, type Stage } from './stage.ts'
import { openSwap, type Swap } from './swap.ts'

/** Where COPY puts the rows, and what makes them count. */
export interface Target extends Partial<Swap> {
  /** Quoted name of the table that COPY fills. */
  into: string
  /** The staging table, where rows are applied to the table afterwards. */
  stage?: Stage
}

/** Creates, empties or stages as the plan says, inside the open transaction. @throws AppError CONFIG_*, QUERY_* */
export async function openTarget(session: Link, plan: WritePlan): Promise<Target> {
  if (plan.columns.length === 0)
    throw new AppError('CONFIG_COLUMN', `No columns arrive for table ${plan.table.name}.`, {
      hint: 'A load needs at least one column.',
    })
  for (const { name } of plan.columns) refuseSystemColumn(name)
  for (const key of plan.keys) requireArrival(plan, key)
  const found = await findTable(session, plan.table)
  if (plan.verbatim) requireSameTypes(plan, found)
  switch (plan.mode) {
    case 'fail':
      if (found) throw exists(plan)
      return { into: await createTable(session, plan, qualified(plan.table)) }
    case 'append':
      return { into: await existing(session, plan, found) }
    case 'truncate':
      if (found) {
        checkColumns(plan, found)
        await session.query(`truncate table ${qualified(found)}`).catch((error: unknown) => {
          throw truncateError(error, plan)
        })
      }
      return { into: await existing(session, plan, found) }
    case 'replace': {
      if (!found) return { into: await createTable(session, plan, qualified(plan.table)) }
      requireTable(found)
      return openSwap(session, plan, found)
    }
    case 'upsert': {
      if (!found) await createTable(session, plan, qualified(plan.table))
      return staged(session, plan, found ?? (await findTable(session, plan.table)))
    }
    case 'update':
    case 'delete':
      if (!found)
        throw new AppError('QUERY_MISSING', `There is no table ${plan.table.name} to ${plan.mode} rows in.`, {
          hint: 'Check the name and the schema, or create the table first.',
        })
      return staged(session, plan, found)
  }
}

async function existing(session: Link, plan: WritePlan, found: PgTable | undefined): Promise<string> {
  if (!found) return createTable(session, plan, qualified(plan.table))
  checkColumns(plan, found)
  return qualified(found)
}

async function staged(session: Link, plan: WritePlan, table: PgTable | undefined): Promise<Target> {
  if (!table) throw new AppError('INTERNAL', `Table ${plan.table.name} was created but is not found.`)
  if (plan.keys.length === 0)
    throw new AppError('CONFIG_INVALID', `Mode ${plan.mode} needs the key columns that rows are matched by.`, {
      hint: 'Name the keys of the load.',
      at: { field: 'keys' },
    })
  checkColumns(plan, table)
  if (plan.mode === 'upsert' && !table.keys.some((key) => sameSet(key, plan.keys)))
    throw new AppError('CONFIG_INVALID', `Table ${table.name} has no unique key on (${plan.keys.join(', ')}).`, {
      hint: table.keys.length
        ? `Its keys are ${table.keys.map((key) => `(${key.join(', ')})`).join(', ')}.`
        : 'Add a primary key or a unique constraint to the table.',
      at: { field: 'keys' },
    })
  const stage = await openStage(session, plan, table)
  return { into: stage.name, stage }
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name) => b.includes(name))

const systemColumns: ReadonlySet<string> = new Set(['tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax'])

function refuseSystemColumn(name: string): void {
  if (!systemColumns.has(name)) return
  throw new AppError('CONFIG_COLUMN', `Every Postgres table has a column ${name} of its own; rows cannot bring one.`, {
    hint: `Give it another name with "columns" of the load, e.g. { "${name}": "${name}_value" }.`,
    at: { field: 'columns' },
  })
}

function requireArrival(plan: WritePlan, key: string): void {
  if (plan.columns.some((column) => column.name === key)) return
  throw new AppError('CONFIG_COLUMN', `The key column ${key} does not arrive.`, {
    hint: `Columns that arrive: ${plan.columns.map((column) => column.name).join(', ')}.`,
    at: { field: 'keys' },
  })
}

const isInteger = ({ kind }: ColumnType) => kind === 'int16' || kind === 'int32' || kind === 'int64'
const readsAlike = (a: ColumnType, b: ColumnType) => a.kind === b.kind || (isInteger(a) && isInteger(b))

/** Only a column of the same type reads the text of a file as the file's column has it; text is text for all. */
function requireSameTypes({ columns, mode, types, table }: WritePlan, found: PgTable | undefined): void {
  const typed = columns.filter((column) => column.type.kind !== 'text')
  const kept = mode === 'append' || mode === 'truncate'
  const same =
    kept && found
      ? typed.every(({ name, type }) => found.columns.some((own) => own.name === name && readsAlike(own.type, type)))
      : (kept || mode === 'fail' || mode === 'replace') && typed.every(({ name }) => !Object.hasOwn(types, name))
  if (!same)
    throw new AppError('DATA_TYPE', `The columns of table ${table.name} have other types than those of the file.`)
}

function requireTable(table: PgTable): void {
  if (table.kind === 'table') return
  throw new AppError('QUERY_CONFLICT', `${table.name} is a view; rows can only be loaded into tables.`, {
    hint: 'Load into the table behind the view.',
  })
}

/** Columns of a delete that are no keys only pass by; all others must exist and be writable. */
function checkColumns(plan: WritePlan, table: PgTable): void {
  requireTable(table)
  const names = plan.mode === 'delete' ? plan.keys : plan.columns.map((column) => column.name)
  for (const name of names) {
    const column = table.columns.find((candidate) => candidate.name === name)
    if (!column) {
      const close = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
      throw new AppError('QUERY_MISSING', `Table ${table.name} has no column ${name}.`, {
        hint: close
          ? `It has "${close.name}", and letter case counts: rename the column before the load.`
          : `Its columns are ${table.columns.map((candidate) => candidate.name).join(', ')}.`,
      })
    }
    if (column.generated && plan.mode !== 'delete')
      throw new AppError('CONFIG_COLUMN', `Column ${name} of table ${table.name} is computed by the database.`, {
        hint: 'Leave it out before the load.',
      })
  }
}

function exists(plan: WritePlan): AppError {
  return new AppError('QUERY_CONFLICT', `Table ${plan.table.name} already exists.`, {
    hint: 'Choose another mode: append, replace, truncate or upsert.',
  })
}

function truncateError(error: unknown, plan: WritePlan): unknown {
  if (!(error instanceof AppError) || error.sqlState !== '0A000') return error
  return new AppError('QUERY_CONFLICT', `Table ${plan.table.name} cannot be truncated: ${error.message}`, {
    hint: 'Other tables refer to its rows: use upsert, or delete the rows first.',
    sqlState: error.sqlState,
    cause: error,
  })
}
