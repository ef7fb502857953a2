import { isObject } from '../../../../shared/data/json-path.ts'
import type { Column } from '../../../../shared/data/types.ts'
import type { Cell, Row } from '../../../../shared/data/wire.ts'
import { AppError } from '../../../../shared/errors.ts'
import { toCell } from '../cells.ts'
import { parseExactJson } from '../exact-json.ts'

/** A cell as the glue of the sandbox takes it. */
export function intoSandbox(cell: Cell): unknown {
  if (typeof cell === 'bigint') return cell.toString()
  if (cell instanceof Uint8Array) return `\\x${Buffer.from(cell).toString('hex')}`
  if (Array.isArray(cell)) return cell.map(intoSandbox)
  if (typeof cell === 'number' && (!Number.isFinite(cell) || Object.is(cell, -0)))
    return Object.is(cell, -0) ? '-0' : String(cell)
  return cell
}

/**
 * Rows that the sandbox gave, checked against the types of their columns.
 * @throws AppError DATA_TYPE or DATA_RANGE naming the column
 */
export function outOfSandbox(json: string, columns: readonly Column[]): Row[] {
  const rows: unknown = JSON.parse(json)
  if (!Array.isArray(rows)) throw new AppError('INTERNAL', 'The sandbox gave something other than rows.')
  return rows.map((row: unknown) => {
    const cells = Array.isArray(row) ? row : []
    return columns.map((column, index) => checked(cells[index], column))
  })
}

function checked(value: unknown, column: Column): Cell {
  try {
    return toCell(plain(value), column.type, { jsonText: true })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(error.code, `The code returned a wrong value for the column ${column.name}: ${error.message}`, {
      hint: error.hint ?? 'Convert it in the code, or give the column another type in "columns".',
      at: { field: 'code' },
      cause: error,
    })
  }
}

/** The JavaScript value of an encoded cell; see glue.ts. */
function plain(value: unknown): unknown {
  if (!isObject(value)) return value
  if (typeof value.n === 'string') return BigInt(value.n)
  if (typeof value.f === 'string') return Number(value.f)
  if (typeof value.b === 'string') return Uint8Array.from(Buffer.from(value.b, 'hex'))
  if (typeof value.d === 'number') return new Date(value.d)
  if (Array.isArray(value.a)) return value.a.map(plain)
  if (typeof value.j === 'string') return parseExactJson(value.j)
  throw new AppError('DATA_TYPE', `${typeof value.x === 'string' ? `a ${value.x}` : 'an invalid Date'} is no value.`)
}
