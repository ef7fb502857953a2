import type { Column } from '../../../shared/data/types.ts'
import type { MyColumn } from './catalog.ts'
import { quote } from './sql.ts'

/** Where rows go: a table, and its columns in the order in which they arrive. */
export interface Into {
  /** Quoted name of the table. */
  table: string
  columns: { column: Column; target: MyColumn | undefined }[]
  /** Whether a later row takes the place of an earlier one with the same key. */
  replaces: boolean
}

/** The value of a column made from the text that arrives; undefined where the text will do. */
export function expressionOf({ column, target }: Into['columns'][number], text: string): string | undefined {
  if (column.type.kind === 'blob') return `unhex(substr(${text}, 3))`
  return target?.dataType === 'bit' ? `cast(${text} as unsigned)` : undefined
}

export function loadSql(into: Into): string {
  const names: string[] = []
  const sets: string[] = []
  for (const [index, each] of into.columns.entries()) {
    const variable = `@sluice_${index}`
    const expression = expressionOf(each, variable)
    names.push(expression ? variable : quote(each.column.name))
    if (expression) sets.push(`${quote(each.column.name)} = ${expression}`)
  }
  return `load data local infile 'rows'${into.replaces ? ' replace' : ''} into table ${into.table} character set utf8mb4
    fields terminated by ',' escaped by '\\\\' lines terminated by '\\n'
    (${names.join(', ')})${sets.length > 0 ? ` set ${sets.join(', ')}` : ''}`
}

export function insertSql(into: Into, rows: number): string {
  const values = into.columns.map((each) => expressionOf(each, '?') ?? '?').join(', ')
  const names = into.columns.map(({ column }) => quote(column.name)).join(', ')
  return `${into.replaces ? 'replace' : 'insert'} into ${into.table} (${names}) values ${Array.from({ length: rows }, () => `(${values})`).join(', ')}`
}
