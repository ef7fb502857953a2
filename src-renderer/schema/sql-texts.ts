import type { SchemaColumn, SchemaObject } from '../../shared/contract/schema.ts'
import { formatTableName } from '../../shared/sql/names.ts'
import { type EditorDialect, nameText } from '../editors/names.ts'

type Named = Pick<SchemaObject, 'schema' | 'name'>

/** What names are written for. */
export interface Writing {
  dialect: EditorDialect
  /** Names in it need no schema. */
  defaultSchema: string | null
}

/** A table's name as SQL of the database needs it: with its schema where that is not the usual one, quoted where it must be. */
export function sqlName({ schema, name }: Named, { dialect, defaultSchema }: Writing): string {
  const own = nameText(name, dialect)
  return schema === null || schema === defaultSchema ? own : `${nameText(schema, dialect)}.${own}`
}

/** A table's name as nodes of pipelines write it. */
export const nodeName = ({ schema, name }: Named, defaultSchema: string | null): string =>
  formatTableName({ schema: schema === defaultSchema ? null : schema, name })

export type Template = 'columns' | 'select' | 'insert' | 'update'

/** A statement on a table to go on from; values are parameters, called as their columns. */
export function templateOf(
  template: Template,
  table: Named,
  columns: readonly SchemaColumn[],
  writing: Writing,
): string {
  const name = sqlName(table, writing)
  const text = (column: SchemaColumn) => nameText(column.name, writing.dialect)
  const list = columns.map(text).join(', ')
  const written = columns.filter(({ generated }) => !generated)
  const parameter = parameterNames(columns)
  switch (template) {
    case 'columns':
      return list
    case 'select':
      return `select ${list}\nfrom ${name}`
    case 'insert':
      return `insert into ${name} (${written.map(text).join(', ')})\nvalues (${written.map(parameter).join(', ')})`
    case 'update': {
      const keys = columns.filter(({ primaryKey }) => primaryKey)
      const set = written.filter(({ primaryKey }) => !primaryKey)
      const given = (list: readonly SchemaColumn[]) => list.map((one) => `${text(one)} = ${parameter(one)}`)
      const where = keys.length === 0 ? given(columns.slice(0, 1)) : given(keys)
      return `update ${name}\nset ${given(set).join(', ')}\nwhere ${where.join(' and ')}`
    }
  }
}

/** A parameter for each column; columns whose names differ in signs only are told apart by a number. */
function parameterNames(columns: readonly SchemaColumn[]): (column: SchemaColumn) => string {
  const taken = new Set<string>()
  const names = new Map<string, string>()
  for (const { name } of columns) {
    const base = name
      .replace(/[^A-Za-z0-9_]+/g, '_')
      .replace(/^(?=\d)/, '_')
      .replace(/^_*$/, 'value')
    let free = base
    for (let count = 2; taken.has(free); count++) free = `${base}_${count}`
    taken.add(free)
    names.set(name, `:${free}`)
  }
  return ({ name }) => names.get(name) ?? ''
}
