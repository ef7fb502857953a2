import { AppError } from '../../../shared/errors.ts'
import type { BoundValue, ExecuteResult, Statement } from '../dialect.ts'
import { inRow } from '../server/errors.ts'
import { boundValues } from '../server/params.ts'
import { decodeRows } from './arrays.ts'
import { columnsOf, resolveFields } from './describe.ts'
import { serverError } from './errors.ts'
import type { Link } from './link.ts'
import { valueOids, valueText } from './params.ts'
import { exchange, type Field } from './protocol.ts'
import { refuseOutside } from './read-only.ts'
import { prepareSql } from './sql.ts'

/** Rows sent before the server is asked to answer. */
const BATCH = 500

export async function executeOne(session: Link, statement: Statement): Promise<ExecuteResult> {
  if (session.readOnly) refuseOutside(statement.sql)
  const prepared = prepareSql(statement.sql)
  const values = boundValues(prepared.names, statement.params)
  let fields: Field[] = []
  let rows: (string | null)[][] = []
  let tag = ''
  const send = (types: number[]) =>
    exchange(
      session.client,
      (connection) => {
        connection.parse({ text: prepared.text, types })
        connection.bind({ values: values.map(valueText) })
        connection.describe({ type: 'P' })
        connection.execute({})
        connection.sync()
      },
      {
        fields: (given) => {
          fields = given
        },
        row: (row) => rows.push(row),
        complete: (text) => {
          tag = text
        },
      },
    )
  const result = await session.run(
    async () => {
      const declared = valueOids(values)
      try {
        await send(declared)
      } catch (error) {
        // A placeholder that nothing gives a type to: it is text. Nothing has run yet.
        if (serverError(error)?.code !== '42P18' || !declared.includes(0) || session.transactionOpen) throw error
        rows = []
        await send(declared.map((oid) => oid || 25))
      }
      const typed = await resolveFields(session, fields)
      return {
        affected: affectedBy(tag),
        columns: columnsOf(typed),
        rows: decodeRows(
          rows,
          typed.map((field) => field.pg.type),
        ),
      }
    },
    { origin: prepared.origin },
  )
  await session.checkTag(tag)
  return result
}

/** The count at the end of a command tag; null for commands that change no rows, or do not say. */
function affectedBy(tag: string): number | null {
  const match = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|COPY|MOVE) (\d+)$/.exec(tag)
  return match ? Number(match[1]) : null
}

/**
 * Prepared once, bound row by row, many rows to a round trip. All rows are one transaction: the caller's, or one of
 * its own, so that a row that fails leaves none behind.
 */
export async function executeMany(
  session: Link,
  statement: Statement,
  rows: AsyncIterable<Record<string, BoundValue>>,
): Promise<number> {
  if (session.readOnly) refuseOutside(statement.sql)
  const prepared = prepareSql(statement.sql)
  const own = !session.inTransaction && !session.readOnly && !session.transactionOpen
  let changed = 0
  let done = 0
  let parsed: number[] | undefined
  const flush = async (batch: BoundValue[][]) => {
    const first = batch[0]
    if (!first) return
    const types = parsed ?? valueOids(first)
    await session
      .run(
        () =>
          exchange(
            session.client,
            (connection) => {
              if (!parsed) {
                connection.close({ type: 'S', name: 'sluice_many' })
                connection.parse({ text: prepared.text, name: 'sluice_many', types })
              }
              for (const values of batch) {
                connection.bind({ statement: 'sluice_many', values: values.map(valueText) })
                connection.execute({})
              }
              connection.sync()
            },
            {
              complete: (tag) => {
                done++
                changed += affectedBy(tag) ?? 0
              },
            },
          ),
        { origin: prepared.origin },
      )
      .catch((error: unknown) => {
        throw error instanceof AppError ? inRow(error, done + 1) : error
      })
    parsed = types
  }
  if (own) await session.begin()
  try {
    let batch: BoundValue[][] = []
    for await (const row of rows) {
      batch.push(boundValues(prepared.names, row))
      if (batch.length === BATCH) {
        await flush(batch)
        batch = []
      }
    }
    await flush(batch)
    if (own) await session.commit()
    return changed
  } catch (error) {
    if (own && session.inTransaction) await session.rollback().catch(() => undefined)
    throw error
  }
}
