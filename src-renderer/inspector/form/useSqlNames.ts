import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Column } from '../../../shared/data/types.ts'
import type { FormField } from '../../../shared/nodes/form.ts'
import type { Parameter } from '../../../shared/pipeline/schema.ts'
import type { SqlNames } from '../../editors/complete.ts'
import { databaseNames } from '../../editors/database-names.ts'
import { useDocument } from '../../stores/documents.ts'
import { useColumns } from './columns.ts'
import { type FormScope, useForm } from './scope.ts'
import { useConnections } from './useConnections.ts'

const none: readonly Parameter[] = []

/** What the SQL of a field can name: the dialect, parameters, and columns and tables of where it runs. */
export function useSqlNames(field: FormField): SqlNames {
  const form = useForm()
  const queries = useQueryClient()
  const document = useDocument(form.document)
  const folder = document?.folder ?? ''
  const parameters = document?.history.present.parameters ?? none
  const columns = useColumns(field.port)
  const { connection } = form.config
  const known = useConnections(form.document)
  const dialect = known.find(({ name }) => name === connection)?.dialect
  const { arriving, definition } = form
  return useMemo((): SqlNames => {
    if (Object.hasOwn(form.config, 'connection') || definition.kind === 'query' || definition.kind === 'execute') {
      const sql = typeof connection === 'string' ? databaseNames(queries, connection, folder) : {}
      const own = definition.kind === 'execute' ? columnParameters(arriving) : []
      return {
        dialect: dialect ?? 'postgres',
        parameters: [...parameters, ...own],
        ...(columns && field.port === 'table' && { columns }),
        ...(field.editor === 'sql' && sql),
      }
    }
    if (field.editor === 'sql') return { dialect: 'duckdb', parameters, ...inputTables(arriving) }
    return { dialect: 'duckdb', parameters, columns: columns ?? [] }
  }, [form.config, definition, connection, queries, folder, arriving, dialect, parameters, columns, field])
}

/** With rows in, `:column` stands for the value of a row. */
const columnParameters = (arriving: FormScope['arriving']): Parameter[] =>
  arriving.flatMap(({ columns }) =>
    (columns ?? []).map(({ name }) => ({ name, type: 'text' as const, description: 'Value of the row' })),
  )

function inputTables(arriving: FormScope['arriving']): Pick<SqlNames, 'tables' | 'columnsOf'> {
  const tables = arriving.map(({ name, columns }) => ({ name: name === 'in' ? 'input' : name, columns }))
  return {
    tables: async () => tables.map(({ name }) => ({ schema: null, name, kind: 'input' })),
    columnsOf: async ({ name }): Promise<readonly Column[]> =>
      tables.find((table) => table.name.toLowerCase() === name.toLowerCase())?.columns ?? [],
  }
}
