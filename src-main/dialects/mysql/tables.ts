import type { ScalarKind } from '../../../shared/data/types.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { ResultTable, Statement } from '../dialect.ts'
import { boundValues } from '../server/params.ts'
import { piecesOf, type RunningRows } from '../server/pieces.ts'
import { columnsOf } from './describe.ts'
import { prepareOr } from './execute.ts'
import type { Link } from './link.ts'
import type { FieldDef } from './packets.ts'
import { executeBody, wireValue } from './params.ts'
import { closePrepared, executeCommand, queryCommand } from './results.ts'
import { RowsOut } from './rows-out.ts'
import { prepareSql, refuseEscape } from './sql.ts'
import { isEnumField } from './types.ts'

/**
 * A statement that gives several results changes things, so it is not run again to read a value that is none of its column's kind: columns that
 * may hold such values are given as the database writes them.
 */
const plain: readonly ScalarKind[] = ['boolean', 'time', 'date', 'timestamp', 'timestamptz']

/** All results of a statement, each while the server sends it; see Session.results. */
export async function* resultTables(session: Link, statement: Statement): AsyncGenerator<ResultTable> {
  if (session.readOnly) refuseEscape(statement.sql)
  const sql = prepareSql(statement.sql)
  const values = boundValues(sql.names, statement.params).map(wireValue)
  const context = { origin: sql.origin, during: 'rows were being read' }
  const { client } = session
  await session.enter()
  const prepared = await session.run(() => prepareOr(session, sql.text, values.length === 0), context)
  try {
    session.ready(context)
    const payload = prepared ? executeCommand(executeBody(prepared, values)) : queryCommand(sql.text)
    const out = new RowsOut(client, payload, prepared !== undefined, session.note, plain)
    let failed = false
    const explain = (error: unknown) => {
      failed = true
      return session.explain(error, context)
    }
    yield* piecesOf(
      session,
      running(session, out, explain),
      context,
      () => undefined,
      async (ending) => {
        if (ending.failed || failed) await session.afterFailure()
      },
    )
    await session.afterStatement(sql.text)
  } finally {
    if (prepared && session.usable) await session.run(() => closePrepared(client, prepared)).catch(() => undefined)
    await session.leave()
  }
}

function running(session: Link, out: RowsOut, explain: (error: unknown) => AppError): RunningRows<ResultTable> {
  return {
    next: async () => {
      const fields = await out.turn()
      if (!fields) return undefined
      return {
        columns: await described(session, fields),
        bytes: bytesOf(out, explain),
        get rowsRead() {
          return out.rows
        },
      }
    },
    get rows() {
      return out.rows
    },
    get done() {
      return out.done
    },
    finished: out.finished,
    discard: () => out.discard(),
  }
}

/** Values of enums are asked for on another connection, since this one is busy with the rows. */
const described = (session: Link, fields: readonly FieldDef[]) =>
  fields.some(isEnumField)
    ? session.aside((client) => columnsOf(client, fields, plain))
    : columnsOf(session.client, fields, plain)

async function* bytesOf(out: RowsOut, explain: (error: unknown) => AppError): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = await out.next(); piece; piece = await out.next()) yield piece
  } catch (error) {
    throw explain(error)
  }
}
