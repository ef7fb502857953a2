import { isLoose } from '../../../../shared/data/kinds.ts'
import { type ColumnType, formatType } from '../../../../shared/data/types.ts'
import { duckType, quoteName } from '../../../../shared/sql/duckdb.ts'
import { isUnsure, refusal, saysOtherwise } from '../../../../shared/sql/strict.ts'

type Decimal = Extract<ColumnType, { kind: 'decimal' }>

/** Whether the type is a decimal or a list of them. */
export const isDecimal = (type: ColumnType): boolean =>
  type.kind === 'list' ? isDecimal(type.of) : type.kind === 'decimal'

/**
 * The type to read a declared column of decimals as. The engine's reader of JSON would take fractions for floats, and make decimals of all the
 * digits that those have.
 */
export const decimalsAsJson = (type: ColumnType): string =>
  type.kind === 'list' ? `${decimalsAsJson(type.of)}[]` : 'JSON'

/** SQL for a column that was read as `decimalsAsJson`, as its type; what would not be the number that is written is an error. */
export function fromJson(name: string, type: ColumnType): string {
  return typedValue(quoteName(name), type, name, 0)
}

function typedValue(value: string, type: ColumnType, name: string, depth: number): string {
  if (type.kind === 'list') {
    const item = `item${depth}`
    return `list_transform(${value}, lambda ${item} : ${typedValue(item, type.of, name, depth + 1)})`
  }
  return type.kind === 'decimal' ? decimalOf(value, type, name) : value
}

/** A fraction has come as a float, whose text is the one that is written as long as it has no more digits than floats keep. */
function decimalOf(value: string, type: Decimal, name: string): string {
  const text = `json_extract_string(${value}, '$')`
  const told = (what: string) => refusal(text, name, what)
  const isLong = `json_type(${value}) = 'DOUBLE' AND ${isUnsure(text)}`
  const other = isLoose(type) ? undefined : saysOtherwise(text, duckType(type))
  const isOther = other === undefined ? '' : ` WHEN ${other} THEN ${told(`is no ${formatType(type)}`)}`
  return `CASE WHEN ${isLong} THEN ${told('has more digits than are read exactly')}${isOther} ELSE CAST(${text} AS ${duckType(type)}) END`
}
