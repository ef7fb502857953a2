import type { DialectId } from '../../../shared/connections.ts'
import { isLoose } from '../../../shared/data/kinds.ts'
import type { ColumnType } from '../../../shared/data/types.ts'
import type { Cell } from '../../../shared/data/wire.ts'
import type { BoundValue } from '../../dialects/dialect.ts'
import { cellOf } from './constants.ts'
import { every, type Operator, type Predicate, some } from './filters.ts'
import { type Source, selectOf } from './source.ts'

/** What is asked of a source. */
export interface SourceSql {
  sql: string
  params: Record<string, BoundValue>
}

/** Beyond so many values a list is longer than what it saves. */
const maxList = 500

/**
 * The rows of a table that a query needs: some of its columns, and of its rows those that pass what can be asked of the database, which
 * may be more than the query keeps and is never less. Values are bound.
 */
export function sourceSql(
  source: Source,
  { columns, predicate, limit }: { columns: readonly number[]; predicate: Predicate | undefined; limit?: number },
): SourceSql {
  const { database, table } = source
  const values = new Values()
  // What the values of some rows are taken for must not depend on which rows they are.
  const certain = columns.every((column) => source.certain[column])
  const condition = predicate && certain ? conditionOf(predicate, source, values) : undefined
  const where = condition === undefined ? '' : ` WHERE ${condition}`
  // What is not asked of the database passes here, so a limit would count the wrong rows.
  const end = limit === undefined || predicate !== undefined ? '' : ` LIMIT ${limit}`
  return { sql: `${selectOf(database, table, columns)}${where}${end}`, params: values.params }
}

class Values {
  readonly params: Record<string, BoundValue> = {}
  private count = 0

  add(type: ColumnType, value: Cell): string {
    const name = `p${++this.count}`
    this.params[name] = { type, value }
    return `:${name}`
  }
}

/** Undefined where the database might see it otherwise than the engine does, and let fewer rows pass. */
function conditionOf(predicate: Predicate, source: Source, values: Values): string | undefined {
  switch (predicate.kind) {
    case 'and':
    case 'or': {
      const parts = predicate.of.map((one) => weakened(one, source))
      const kept = predicate.kind === 'and' ? every(parts) : some(parts)
      if (!kept) return undefined
      if (kept.kind !== 'and' && kept.kind !== 'or') return conditionOf(kept, source, values)
      return `(${kept.of.map((one) => conditionOf(one, source, values)).join(kept.kind === 'and' ? ' AND ' : ' OR ')})`
    }
    case 'null':
      return (
        rulesOf(source, predicate.column) && `${nameOf(source, predicate.column)} IS ${predicate.is ? '' : 'NOT '}NULL`
      )
    case 'compare': {
      const [cell] = cellsOf(predicate.column, predicate.operator, [predicate.constant], source) ?? []
      if (cell === undefined) return undefined
      const { left, right, boolean } = spelled(source, predicate.column)
      if (boolean) return `${left} ${cell === true ? '<>' : '='} 0`
      return `${left} ${predicate.operator} ${right(values.add(typeOf(source, predicate.column), cell))}`
    }
    case 'in': {
      const cells = cellsOf(predicate.column, '=', predicate.constants, source)
      if (!cells || cells.length > maxList) return undefined
      if (cells.length === 0) return '1 = 0'
      const { left, right, boolean } = spelled(source, predicate.column)
      if (boolean) return undefined
      const list = cells.map((cell) => right(values.add(typeOf(source, predicate.column), cell)))
      return `${left} IN (${list.join(', ')})`
    }
  }
}

/** The predicate, or undefined where nothing of it can be asked. */
function weakened(predicate: Predicate, source: Source): Predicate | undefined {
  if (predicate.kind === 'and') return every(predicate.of.map((one) => weakened(one, source)))
  if (predicate.kind === 'or') return some(predicate.of.map((one) => weakened(one, source)))
  return conditionOf(predicate, source, new Values()) === undefined ? undefined : predicate
}

const typeOf = ({ columns }: Source, column: number): ColumnType => columns[column]?.type ?? { kind: 'text' }

const nameOf = ({ database, table }: Source, column: number) =>
  database.dialect.quote(table.columns[column]?.name ?? '')

/** The constants as values to compare with, when the operator means the same in the database. */
function cellsOf(
  column: number,
  operator: Operator,
  constants: readonly { type: string; scale: number; value: unknown }[],
  source: Source,
): Cell[] | undefined {
  const rules = rulesOf(source, column)
  if (!rules || (rules === 'equality' && operator !== '=')) return undefined
  const cells = constants.map((constant) => cellOf(constant, typeOf(source, column)))
  const { id } = source.database.dialect
  const known = cells.filter((cell) => cell !== undefined && (typeof cell !== 'string' || isPlain(cell, id)))
  if (known.length < cells.length) return undefined
  return known.map((cell) => cell ?? null)
}

/** A Postgres database may have an encoding that lacks a sign, and would fail instead of finding nothing. */
const isPlain = (text: string, dialect: DialectId) =>
  dialect !== 'postgres' || Buffer.byteLength(text, 'utf8') === text.length

/** What may be asked of a column: any comparison, or only whether it equals something. */
function rulesOf(source: Source, column: number): 'order' | 'equality' | undefined {
  const { database, table } = source
  const type = typeOf(source, column)
  const declared = (table.columns[column]?.databaseType ?? '').toLowerCase()
  if (isLoose(type)) return undefined
  const rule = rules[database.dialect.id].find(({ kinds, types }) => kinds.includes(type.kind) && types.test(declared))
  // Behind a view of SQLite stands any expression, which compares as its values do; and so does a column of no certain type.
  if (database.dialect.id === 'sqlite' && table.kind === 'view') return undefined
  return rule?.allows
}

interface Rule {
  kinds: ColumnType['kind'][]
  /** Types as the database spells them, all of which compare as the engine does. */
  types: RegExp
  allows: 'order' | 'equality'
}

const whole: ColumnType['kind'][] = ['int16', 'int32', 'int64']

/**
 * Texts are only asked to be equal: their order is a matter of collation, and a collation that finds more texts equal lets more rows pass.
 * Types that pad, fold or round (char(n), citext, year, float) are absent.
 */
const rules: Record<DialectId, Rule[]> = {
  postgres: [
    { kinds: whole, types: /^(smallint|integer|bigint)$/, allows: 'order' },
    { kinds: ['decimal'], types: /^numeric\(\d+,\d+\)$/, allows: 'order' },
    { kinds: ['date'], types: /^date$/, allows: 'order' },
    { kinds: ['timestamp'], types: /^timestamp(\(\d\))? without time zone$/, allows: 'order' },
    { kinds: ['timestamptz'], types: /^timestamp(\(\d\))? with time zone$/, allows: 'order' },
    { kinds: ['boolean'], types: /^boolean$/, allows: 'order' },
    { kinds: ['uuid'], types: /^uuid$/, allows: 'order' },
    { kinds: ['text'], types: /^(text|character varying(\(\d+\))?)$/, allows: 'equality' },
  ],
  mysql: [
    {
      kinds: [...whole, 'decimal'],
      types: /^(tiny|small|medium|big)?int(\(\d+\))?( unsigned)?( zerofill)?$/,
      allows: 'order',
    },
    { kinds: ['decimal'], types: /^decimal\(\d+,\d+\)( unsigned)?( zerofill)?$/, allows: 'order' },
    { kinds: ['boolean'], types: /^tinyint\(1\)$/, allows: 'equality' },
    { kinds: ['date'], types: /^date$/, allows: 'order' },
    { kinds: ['timestamp', 'timestamptz'], types: /^(datetime|timestamp)(\(\d\))?$/, allows: 'order' },
    { kinds: ['text'], types: /^(varchar\(\d+\)|(tiny|medium|long)?text)$/, allows: 'equality' },
  ],
  sqlite: [
    { kinds: whole, types: /int/, allows: 'order' },
    { kinds: ['text'], types: /char|clob|text/, allows: 'equality' },
  ],
}

/** How a column and a value are written so that they compare by their own type, whatever the driver binds. */
function spelled(source: Source, column: number) {
  const name = nameOf(source, column)
  const type = typeOf(source, column)
  const plain = { left: name, right: (value: string) => value, boolean: false }
  if (source.database.dialect.id !== 'mysql') return plain
  switch (type.kind) {
    case 'boolean':
      // Any number but 0 is true, and both sides of an equality are told apart by it.
      return { ...plain, boolean: true }
    case 'text':
      // Any two collations meet in a binary one.
      return { ...plain, right: (value: string) => `CAST(${value} AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin` }
    default:
      return { ...plain, right: (value: string) => `CAST(${value} AS ${mysqlTypes(type)})` }
  }
}

function mysqlTypes(type: ColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision ?? 38},${type.scale ?? 0})`
    case 'date':
      return 'DATE'
    case 'timestamp':
    case 'timestamptz':
      return 'DATETIME(6)'
    default:
      return 'SIGNED'
  }
}
