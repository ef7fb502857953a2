import type { EditConflict, RowEdit } from '../../../../shared/contract/queries.ts'
import type { ScalarKind } from '../../../../shared/data/types.ts'
import { parseCell } from '../../../../shared/data/wire.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { BoundValue, Database, Session, Statement, TableInfo } from '../../../dialects/dialect.ts'
import { OddValue } from '../../../dialects/odd-value.ts'
import { rowKeys } from './editable.ts'
import { withStoredKey } from './stored-keys.ts'
import { literal, sameValue, shownText } from './values.ts'

export interface EditRequest {
  schema: string | null
  table: string
  edits: readonly RowEdit[]
  apply: boolean
  /** Whether a transaction that begins for them stays open. */
  manual: boolean
}

type Cells = Readonly<Record<string, string | null>>

export interface EditOutcome {
  sql: string[]
  applied: boolean
  conflicts: EditConflict[]
}

/**
 * The statements that changes become, as text with their values; with `apply` they are done, all or none: in the open transaction, or in
 * one of their own. Rows are locked and compared with what was shown before the first is changed; those that differ are the conflicts.
 * @throws AppError what the database says of a change, with `at.field` `edits.<index>`
 */
export async function editRows(
  session: Session,
  database: Database,
  { schema, table, edits: wishes, apply, manual }: EditRequest,
): Promise<EditOutcome> {
  if (database.config.readOnly) throw new AppError('QUERY_READ_ONLY', 'The connection is read-only.')
  const info = await database.table(schema === null ? { name: table } : { schema, name: table })
  if (!info) throw new AppError('QUERY_MISSING', `The table ${table} does not exist any more.`)
  const changes = new Changes(database, info)
  const edits: RowEdit[] = []
  for (const wish of wishes) edits.push(await changes.located(session, wish))
  const sql = await Promise.all(edits.map((edit, index) => placed(index, () => changes.text(edit))))
  if (!apply) return { sql, applied: false, conflicts: [] }
  const conflicts: EditConflict[] = []
  const applied = await inTransaction(session, manual, async () => {
    for (const [edit, wish] of edits.entries()) {
      if (wish.kind === 'insert') continue
      const theirs = await placed(edit, () => changes.differing(session, wish))
      if (theirs !== undefined) conflicts.push({ edit, theirs })
    }
    if (conflicts.length > 0) return false
    for (const [index, edit] of edits.entries()) {
      await placed(index, () => changes.apply(session, edit))
    }
    return true
  })
  return { sql, applied, conflicts }
}

/** Does something for one of the edits; what it throws says for which. */
async function placed<T>(index: number, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof AppError ? error.placed({ field: `edits.${index}` }) : error
  }
}

/** @param work false takes back what it did */
async function inTransaction(session: Session, manual: boolean, work: () => Promise<boolean>): Promise<boolean> {
  if (session.standing === 'broken') {
    throw new AppError('RUN_STATE', 'The open transaction has failed.', { hint: 'Roll it back first.' })
  }
  const own = session.standing === 'idle'
  const undo = () => (own ? session.rollback() : session.execute({ sql: 'rollback to savepoint sluice_edit' }))
  if (own) await session.begin()
  else await session.execute({ sql: 'savepoint sluice_edit' })
  let done: boolean
  try {
    done = await work()
  } catch (error) {
    await undo()
    throw error
  }
  if (!done) await undo()
  else if (own && !manual) await session.commit()
  else if (!own) await session.execute({ sql: 'release savepoint sluice_edit' })
  return done
}

function unexpected(edit: RowEdit, affected: number | null): AppError {
  const verb = { update: 'changed', insert: 'added', delete: 'deleted' }[edit.kind]
  return new AppError('QUERY_CONFLICT', `${affected ?? 'An unknown number of'} rows were ${verb} instead of one.`, {
    hint: 'A trigger or a rule of the database may be in the way. Nothing was written.',
  })
}

/** What is read; where the row holds odd values, with columns of their kinds as the database writes them. */
async function asItIs<T>(read: (plain: ScalarKind[]) => Promise<T>, plain: ScalarKind[] = []): Promise<T> {
  try {
    return await read(plain)
  } catch (error) {
    if (!(error instanceof OddValue) || plain.includes(error.kind)) throw error
    return asItIs(read, [...plain, error.kind])
  }
}

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

  /** The edit with its key as the database compares it. */
  async located(session: Session, edit: RowEdit): Promise<RowEdit> {
    const { id, quote } = this.database.dialect
    return id === 'sqlite' ? withStoredKey(session, this.info, { table: this.table, quote }, edit) : edit
  }

  private statement(edit: RowEdit): Statement {
    const params: Record<string, BoundValue> = {}
    return { sql: this.render(edit, this.binder(params)), params }
  }

  /** @throws AppError QUERY_CONFLICT when it did not do just that to one row */
  async apply(session: Session, edit: RowEdit): Promise<void> {
    const { affected } = await session.execute(this.statement(edit))
    // MySQL does not count a row that is left as it was.
    const asItWas = affected === 0 && edit.kind === 'update' && this.database.dialect.id === 'mysql'
    if (affected !== 1 && !asItWas) throw unexpected(edit, affected)
  }

  /** Turns values into placeholders, and adds what they stand for to `params`. */
  private binder(params: Record<string, BoundValue>): (name: string, value: string | null) => string {
    return (name, value) => {
      const { type } = this.column(name)
      const param = `v${Object.keys(params).length}`
      params[param] = { type, value: value === null ? null : parseCell(value, type) }
      return `:${param}`
    }
  }

  text(edit: RowEdit): string {
    return `${this.render(edit, (name, value) => literal(value, this.column(name).type, this.database.dialect.id))};`
  }

  /** What the row holds now in the columns that are not as they were shown; null when it is gone, undefined when none differs. */
  async differing(
    session: Session,
    { key, before }: Exclude<RowEdit, { kind: 'insert' }>,
  ): Promise<Record<string, string | null> | null | undefined> {
    const names = Object.keys(before)
    const params: Record<string, BoundValue> = {}
    const where = this.where(key, this.binder(params))
    const lock = this.database.dialect.id === 'sqlite' ? '' : ' FOR UPDATE'
    const fields = (names.length === 0 ? Object.keys(key) : names).map((name) => this.quote(name)).join(', ')
    const sql = `SELECT ${fields} FROM ${this.table} WHERE ${where}${lock}`
    const { rows, columns } = await asItIs((plain) => session.execute({ sql, params }, { plain }))
    const [row] = rows
    if (!row) return null
    const theirs = names.flatMap((name, index): [string, string | null][] => {
      const cell = row[index] ?? null
      const type = columns[index]?.type ?? { kind: 'text' }
      const text = cell === null ? null : shownText(cell, type)
      return sameValue(before[name] ?? null, text, this.column(name).type) ? [] : [[name, text]]
    })
    return theirs.length === 0 ? undefined : Object.fromEntries(theirs)
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

  /** @throws AppError CONFIG_INVALID unless a whole key is given that finds one row */
  private where(key: Cells, value: (column: string, text: string | null) => string): string {
    const given = Object.keys(key).filter((name) => key[name] !== null)
    const keys = rowKeys(this.info).find(
      (names) => names.length === given.length && names.every((name) => given.includes(name)),
    )
    if (!keys) throw new AppError('CONFIG_INVALID', `A row of ${this.info.name} is found by a whole key only.`)
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
