import type { RowEdit } from '../../../../shared/contract/queries.ts'
import { cellText, parseCell } from '../../../../shared/data/wire.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { BoundValue, Database, Session, Statement, TableInfo } from '../../../dialects/dialect.ts'
import { literal, sameValue } from './values.ts'

export interface EditRequest {
  schema: string | null
  table: string
  edits: readonly RowEdit[]
  apply: boolean
}

type Cells = Readonly<Record<string, string | null>>

/**
 * The statements that changes become, as text with their values; with `apply` they are done, all or none: in the open transaction, or in
 * one of their own.
 * @throws AppError QUERY_CONFLICT when a row was changed or removed meanwhile, with `at.field` `edits.<index>`
 */
export async function editRows(
  session: Session,
  database: Database,
  { schema, table, edits, apply }: EditRequest,
): Promise<{ sql: string[]; applied: boolean }> {
  if (database.config.readOnly) throw new AppError('QUERY_READ_ONLY', 'The connection is read-only.')
  const info = await database.table(schema === null ? { name: table } : { schema, name: table })
  if (!info) throw new AppError('QUERY_MISSING', `The table ${table} does not exist any more.`)
  const changes = new Changes(database, info)
  const sql = edits.map((edit) => changes.text(edit))
  if (!apply) return { sql, applied: false }
  await inTransaction(session, async () => {
    for (const [index, edit] of edits.entries()) {
      const at = { field: `edits.${index}` }
      try {
        if (edit.kind === 'update') await changes.check(session, edit)
        const { affected } = await session.execute(changes.statement(edit))
        if (affected !== 1 && !(affected === 0 && edit.kind === 'update')) throw changed(edit)
      } catch (error) {
        throw error instanceof AppError ? error.placed(at) : error
      }
    }
  })
  return { sql, applied: true }
}

async function inTransaction(session: Session, work: () => Promise<void>): Promise<void> {
  if (session.standing === 'broken') {
    throw new AppError('RUN_STATE', 'The open transaction has failed.', { hint: 'Roll it back first.' })
  }
  const own = session.standing === 'idle'
  if (own) await session.begin()
  else await session.execute({ sql: 'savepoint sluice_edit' })
  try {
    await work()
  } catch (error) {
    await (own ? session.rollback() : session.execute({ sql: 'rollback to savepoint sluice_edit' }))
    throw error
  }
  if (own) await session.commit()
  else await session.execute({ sql: 'release savepoint sluice_edit' })
}

const changed = (edit: RowEdit) =>
  new AppError('QUERY_CONFLICT', `The row ${keyText(edit)} was changed or removed by someone else meanwhile.`, {
    hint: 'Run the query again to see it as it is, then make the change anew. Nothing was written.',
  })

const keyText = (edit: RowEdit) =>
  edit.kind === 'insert'
    ? ''
    : Object.entries(edit.key)
        .map(([name, value]) => `${name} = ${value ?? 'NULL'}`)
        .join(', ')

/** Changes of one table's rows as SQL. */
class Changes {
  private readonly database: Database
  private readonly info: TableInfo
  private readonly table: string

  constructor(database: Database, info: TableInfo) {
    const { quote } = database.dialect
    this.database = database
    this.info = info
    this.table = (info.schema === undefined ? [info.name] : [info.schema, info.name])
      .map((name) => quote(name))
      .join('.')
  }

  statement(edit: RowEdit): Statement {
    const params: Record<string, BoundValue> = {}
    const sql = this.render(edit, (name, value) => {
      const { type } = this.column(name)
      const param = `v${Object.keys(params).length}`
      params[param] = { type, value: value === null ? null : parseCell(value, type) }
      return `:${param}`
    })
    return { sql, params }
  }

  text(edit: RowEdit): string {
    return `${this.render(edit, (name, value) => literal(value, this.column(name).type, this.database.dialect.id))};`
  }

  /** @throws AppError QUERY_CONFLICT when the row is not there once, or no more as it was shown */
  async check(session: Session, edit: Extract<RowEdit, { kind: 'update' }>): Promise<void> {
    const names = Object.keys(edit.before)
    const params: Record<string, BoundValue> = {}
    const where = this.where(edit.key, (name, value) => {
      const { type } = this.column(name)
      params[`v${Object.keys(params).length}`] = { type, value: value === null ? null : parseCell(value, type) }
      return `:v${Object.keys(params).length - 1}`
    })
    const lock = this.database.dialect.id === 'sqlite' ? '' : ' FOR UPDATE'
    const fields = names.map((name) => this.quote(name)).join(', ')
    const { rows, columns } = await session.execute({
      sql: `SELECT ${fields} FROM ${this.table} WHERE ${where}${lock}`,
      params,
    })
    const [row, more] = rows
    const same = names.every((name, index) => {
      const cell = row?.[index] ?? null
      const type = columns[index]?.type ?? { kind: 'text' }
      return sameValue(edit.before[name] ?? null, cell === null ? null : cellText(cell, type), type)
    })
    if (!row || more || !same) throw changed(edit)
  }

  private render(edit: RowEdit, value: (column: string, text: string | null) => string): string {
    switch (edit.kind) {
      case 'update': {
        const sets = Object.entries(edit.after).map(([name, text]) => `${this.quote(name)} = ${value(name, text)}`)
        return `UPDATE ${this.table} SET ${sets.join(', ')} WHERE ${this.where(edit.key, value)}`
      }
      case 'delete':
        return `DELETE FROM ${this.table} WHERE ${this.where(edit.key, value)}`
      case 'insert': {
        const cells = Object.entries(edit.after)
        if (cells.length === 0) {
          return `INSERT INTO ${this.table} ${this.database.dialect.id === 'mysql' ? '() VALUES ()' : 'DEFAULT VALUES'}`
        }
        const names = cells.map(([name]) => this.quote(name)).join(', ')
        return `INSERT INTO ${this.table} (${names}) VALUES (${cells.map(([name, text]) => value(name, text)).join(', ')})`
      }
    }
  }

  /** @throws AppError CONFIG_INVALID unless the whole primary key is given */
  private where(key: Cells, value: (column: string, text: string | null) => string): string {
    const keys = this.info.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name)
    if (keys.length === 0 || keys.some((name) => (key[name] ?? null) === null)) {
      throw new AppError('CONFIG_INVALID', `A row of ${this.info.name} is found by its whole primary key only.`)
    }
    return keys.map((name) => `${this.quote(name)} = ${value(name, key[name] ?? null)}`).join(' AND ')
  }

  private quote(name: string): string {
    return this.database.dialect.quote(this.column(name).name)
  }

  private column(name: string) {
    const column = this.info.columns.find((candidate) => candidate.name === name)
    if (column) return column
    throw new AppError('CONFIG_COLUMN', `The table ${this.info.name} has no column ${name}.`)
  }
}
