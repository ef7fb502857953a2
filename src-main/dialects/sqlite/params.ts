import { cellText, jsonOf } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { lexis, placeholderNames, tokenizeSql } from '../../../shared/sql/placeholders.ts'
import { statementsOf } from '../../../shared/sql/statements.ts'
import type { BoundValue, Statement } from '../dialect.ts'
import type { SqlParams, SqlValue } from './protocol.ts'

/** A statement ready for SQLite, which knows `:name` itself: its text without the final semicolon, and the values. */
export function toSqlite(statement: Statement, needValues: boolean): { sql: string; params: SqlParams } {
  const sql = singleStatement(statement.sql)
  return { sql, params: bindNames(sql, statement.params ?? {}, needValues) }
}

export function bindNames(sql: string, values: Record<string, BoundValue>, needValues: boolean): SqlParams {
  const params: SqlParams = {}
  for (const name of placeholderNames(sql, lexis.sqlite)) {
    const bound = Object.hasOwn(values, name) ? values[name] : undefined
    if (bound === undefined && needValues) {
      throw new AppError('CONFIG_PARAMETER', `The statement uses :${name}, for which there is no value.`, {
        hint: 'Give the parameter a value, or write the colon inside quotes if none is meant.',
      })
    }
    params[name] = bound === undefined ? null : toSqlValue(bound)
  }
  return params
}

/** SQLite compiles the first statement of a text and ignores the rest, which nobody means. */
function singleStatement(sql: string): string {
  const [first, second] = statementsOf(sql, 'sqlite')
  if (!first) throw new AppError('QUERY_SYNTAX', 'The SQL is empty.')
  if (!second) {
    refuseOtherParameters(first.sql, first.start)
    return first.sql
  }
  throw new AppError('QUERY_SYNTAX', 'The SQL holds more than one statement.', {
    hint: 'Run one statement at a time.',
    at: { position: second.start },
  })
}

/** What SQLite takes for a parameter besides `:name`. */
const otherParameter = /\?\d*|(?:(?<!:):|@|(?<![\w$\u0080-\uffff])\$)[\w$\u0080-\uffff]+/

/** SQLite takes NULL for a parameter that no value is given for, and says nothing. */
function refuseOtherParameters(sql: string, start: number): void {
  let before = ''
  for (const token of tokenizeSql(sql, lexis.sqlite)) {
    if (token.type === 'text') {
      const longer = before !== '' ? /^[$\u0080-\uffff]+/.exec(token.text) : null
      const found = longer ?? otherParameter.exec(token.text)
      if (found) {
        const name = (longer ? before : '') + found[0]
        throw new AppError('QUERY_SYNTAX', `The parameter ${name} cannot be given a value.`, {
          hint: 'Write it as :name, with letters from a to z, digits and _, or put it in quotes if none is meant.',
          at: { position: start + token.start + found.index - (longer ? before.length : 0) },
        })
      }
    }
    before = token.type === 'placeholder' ? token.text : ''
  }
}

function toSqlValue({ type, value }: BoundValue): SqlValue {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'bigint') return sixtyFourBits(value)
  if (value instanceof Uint8Array) return value
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return 'NaN'
    return Number.isSafeInteger(value) && type.kind.startsWith('int') ? BigInt(value) : value
  }
  if (Array.isArray(value)) return JSON.stringify(jsonOf(value))
  return type.kind === 'decimal' ? decimalValue(value) : cellText(value, type)
}

function sixtyFourBits(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value
  throw new AppError('DATA_RANGE', `${value} does not fit 64 bits.`, {
    hint: 'SQLite holds whole numbers from -9223372036854775808 to 9223372036854775807.',
  })
}

/** Text compares greater than any number, so decimals that a double or an integer holds exactly are bound as numbers. */
function decimalValue(text: string): SqlValue {
  if (/^[+-]?\d{1,18}$/.test(text)) return BigInt(text)
  const digits = text.replace(/^[+-]?0*\.?0*|\./g, '')
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) && digits.length <= 15 ? Number(text) : text
}
