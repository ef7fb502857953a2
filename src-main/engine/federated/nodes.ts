import { join } from 'node:path'
import type { QueryNodes } from '../../../shared/contract/queries.ts'
import { AppError } from '../../../shared/errors.ts'
import { singleQuery } from '../../../shared/sql/duckdb.ts'
import { formatTableName } from '../../../shared/sql/names.ts'
import { lexis, replacePlaceholders, splitStatements } from '../../../shared/sql/placeholders.ts'
import { firstWord } from '../../../shared/sql/statements.ts'
import { openPlanner } from './catalogs.ts'
import { noTable } from './errors.ts'
import { overInputs } from './inputs.ts'
import type { QueryOptions } from './parts.ts'
import { Sources } from './source.ts'
import { namesOf } from './statement.ts'

/**
 * What a query over several connections becomes in a pipeline: its tables, and SQL that reads them as the inputs of one node.
 * @throws AppError QUERY_*, CONNECTION_* with the place in the text
 */
export async function queryNodes(
  text: string,
  { connections, scratch }: Pick<QueryOptions, 'connections' | 'scratch'>,
  signal = new AbortController().signal,
): Promise<QueryNodes> {
  const sql = onlyStatement(text)
  const planner = await openPlanner({ spill: join(scratch, 'spill') })
  await using sources = new Sources(connections, signal)
  try {
    const session = await planner.connect({}, signal)
    try {
      // The engine's own parameters are as long, so that places stay what they are.
      const names = await namesOf(
        session,
        replacePlaceholders(sql, lexis.duckdb, (name) => `$${name}`),
      )
      const expressions = new Set(names.given.expressions.map((name) => name.toLowerCase()))
      const unknown = names.bare.find(({ name }) => !expressions.has(name.toLowerCase()))
      if (unknown) throw noTable(unknown.name, { at: { position: unknown.position } })
      const found = await sources.resolve(names.tables)
      const words = await session.text(
        `SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'`,
      )
      const { sql: body, inputs } = overInputs(sql, names, found, new Set(words.flat()))
      return {
        sql: asQuery(body),
        tables: inputs.map(({ name: input, source: { connection, table }, inSchema }) => ({
          input,
          connection,
          table: formatTableName({ schema: inSchema ? (table.schema ?? null) : null, name: table.name }),
          name: table.name,
        })),
      }
    } finally {
      session.close()
    }
  } finally {
    planner.close()
  }
}

/** The statement, at the place that it has in the text. @throws AppError QUERY_SYNTAX, QUERY_DENIED */
function onlyStatement(text: string): string {
  const [only, more] = splitStatements(text, lexis.duckdb)
  if (!only) throw new AppError('QUERY_SYNTAX', 'There is no statement.')
  if (more) {
    throw new AppError('QUERY_SYNTAX', 'Only one statement can become nodes of a pipeline.', {
      hint: 'Pick one of them, or leave the caret in it and pick nothing.',
      at: { position: more.start },
    })
  }
  if (firstWord(only.sql, 'duckdb') === 'explain') {
    throw new AppError('QUERY_DENIED', 'A plan cannot be part of a pipeline.', { hint: 'Leave EXPLAIN out.' })
  }
  return ' '.repeat(only.start) + only.sql
}

/** As an SQL node takes it: PIVOT, SUMMARIZE and the like stand inside a query. */
function asQuery(sql: string): string {
  const text = sql.trim()
  const isQuery = /^(select|values|from|with)$/.test(firstWord(text, 'duckdb'))
  return singleQuery(isQuery ? text : `from (\n${text}\n)`, 'sql')
}
