import type { ColumnType } from '../../../shared/data/types.ts'
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
  requireArrivals(plan, sameName)
  for (const { name } of plan.columns) {
    refuseSystemColumn(name)
    refuseLong(name, 'column', 'columns')
  }
  refuseLong(plan.table.name, 'table', 'table')
  const found = await findTable(session, plan.table)
  if (plan.verbatim) requireSameTypes(plan, found)
  if (plan.mode === 'update' || plan.mode === 'delete') {
    if (!found) throw tableMissing(plan)
    return staged(session, plan, found)
  }
  const standing = found ?? (await makeTable(session, plan))
  const into = qualified(standing ?? plan.table)
  switch (plan.mode) {
    case 'fail':
      if (standing) throw tableExists(plan)
      return { into }
    case 'append':
      if (standing) checkColumns(plan, standing)
      return { into }
    case 'truncate':
      if (!standing) return { into }
      checkColumns(plan, standing)
      await empty(session, into, plan)
      return { into }
    case 'replace':
      if (!standing) return { into }
      requireTable(standing)
      return openSwap(session, plan, standing)
    case 'upsert':
      return staged(session, plan, standing ?? (await findTable(session, plan.table)))
  }
}

/** Creates the table. Where another session has made it meanwhile, which creating it waits for, that one is given. */
async function makeTable(session: Link, plan: WritePlan): Promise<PgTable | undefined> {
  await session.script('savepoint sluice_make')
  try {
    await createTable(session, plan, qualified(plan.table))
  } catch (error) {
    if (!(error instanceof AppError && isTaken(error))) throw error
    await session.script('rollback to sluice_make; release sluice_make')
    const made = await findTable(session, plan.table)
    if (!made) throw error
    if (plan.verbatim) requireSameTypes(plan, made)
    return made
  }
  await session.script('release sluice_make')
  return undefined
}

/** Of two that create a table at once, one finds its name, or that of its type, in the catalog when the other has committed. */
const isTaken = ({ sqlState, message }: AppError) =>
  sqlState === '42P07' || (sqlState === '23505' && /"pg_(class|type)_\w+_index"/.test(message))

/** TRUNCATE and whoever reads the table wait for each other: for ever, where the rows come from a reader of this run. Deleting waits for no reader. */
async function empty(session: Link, table: string, plan: WritePlan): Promise<void> {
  const sql = plan.beside ? `delete from ${table}` : `truncate table ${table}`
  await session.query(sql).catch((error: unknown) => {
    throw truncateError(error, plan)
  })
}

async function staged(session: Link, plan: WritePlan, table: PgTable | undefined): Promise<Target> {
  if (!table) throw new AppError('INTERNAL', `Table ${plan.table.name} was created but is not found.`)
  requireKeys(plan)
  checkColumns(plan, table)
  requireUnique(plan, table, sameName)
  const stage = await openStage(session, plan, table)
  return { into: stage.name, stage }
}

const sameName: SameName = (a, b) => a === b

const systemColumns: ReadonlySet<string> = new Set(['tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax'])

/** Postgres cuts longer names without an error, so that two of them may be one. */
function refuseLong(name: string, what: string, field: string): void {
  const length = Buffer.byteLength(name)
  if (length <= 63) return
  throw new AppError(
    'CONFIG_INVALID',
    `The ${what} ${name} has a name of ${length} bytes, and Postgres keeps 63 of them.`,
    {
      hint: what === 'table' ? 'Give it a shorter name.' : 'Give it a shorter name with "columns" of the load.',
      at: { field },
    },
  )
}

function refuseSystemColumn(name: string): void {
  if (!systemColumns.has(name)) return
  throw new AppError('CONFIG_COLUMN', `Every Postgres table has a column ${name} of its own; rows cannot bring one.`, {
    hint: `Give it another name with "columns" of the load, e.g. { "${name}": "${name}_value" }.`,
    at: { field: 'columns' },
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

function checkColumns(plan: WritePlan, table: PgTable): void {
  requireTable(table)
  requireColumns(plan, table, sameName, (name) => {
    const close = table.columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
    return close && `It has "${close.name}", and letter case counts: rename the column before the load.`
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
