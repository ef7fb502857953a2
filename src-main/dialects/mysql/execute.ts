import type { ScalarKind } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { typedRow, WireReader } from '../../../shared/data/wire-reader.ts'
import type { BoundValue, ExecuteResult, Statement } from '../dialect.ts'
import { inRow } from '../server/errors.ts'
import { boundValues } from '../server/params.ts'
import { columnsOf } from './describe.ts'
import { serverError } from './errors.ts'
import type { Link } from './link.ts'
import type { Ok, ServerError } from './packets.ts'
import { executeBody, wireValue } from './params.ts'
import { exchange } from './protocol.ts'
import { closePrepared, executeCommand, following, type Prepared, prepare, queryCommand, runQuery } from './results.ts'
import { RowsOut } from './rows-out.ts'
import { mayReturnRows, prepareSql, refuseEscape } from './sql.ts'

/** Rows of values sent before the answers are awaited. */
const BATCH = 200
/** Statements that the server does not prepare. */
const NOT_PREPARED = 1295
const SAVEPOINT = 'sluice_many'

export async function executeOne(
  session: Link,
  statement: Statement,
  plain: readonly ScalarKind[],
): Promise<ExecuteResult> {
  if (session.readOnly) refuseEscape(statement.sql)
  const sql = prepareSql(statement.sql)
  const values = boundValues(sql.names, statement.params).map(wireValue)
  const { client } = session
  let ended: Ok | undefined
  const end = (ok: Ok) => {
    ended ??= ok
    session.note(ok)
  }
  const result = await session.run(
    async (): Promise<ExecuteResult> => {
      if (values.length === 0 && !mayReturnRows(sql.text)) {
        await runQuery(client, sql.text, { end })
        return { affected: affectedBy(sql.text, ended), columns: [], rows: [] }
      }
      const prepared = await prepareOr(session, sql.text, values.length === 0)
      try {
        const payload = prepared ? executeCommand(executeBody(prepared, values)) : queryCommand(sql.text)
        const { fields, lines } = await allLines(new RowsOut(client, payload, prepared !== undefined, end, plain))
        const columns = await columnsOf(client, fields, plain)
        const rows = lines.map((line): Row => typedRow(line, columns))
        return {
          affected: fields.length > 0 ? returned(sql.text, rows.length) : affectedBy(sql.text, ended),
          columns,
          rows,
        }
      } finally {
        if (prepared) await closePrepared(client, prepared)
      }
    },
    { origin: sql.origin },
  )
  await session.afterStatement(sql.text)
  return result
}

/** Undefined for a statement that can only be run as text. */
export async function prepareOr(session: Link, text: string, mayBeText: boolean): Promise<Prepared | undefined> {
  try {
    return await prepare(session.client, text)
  } catch (error) {
    if (mayBeText && serverError(error)?.number === NOT_PREPARED) return undefined
    throw error
  }
}

async function allLines(out: RowsOut) {
  const reader = new WireReader()
  const lines: ReturnType<WireReader['push']> = []
  try {
    for (let piece = await out.next(); piece; piece = await out.next()) lines.push(...reader.pushBytes(piece))
  } finally {
    out.discard()
    await out.finished
  }
  return { fields: out.fields, lines }
}

/** Null for statements that change no rows, or do not say. */
const affectedBy = (sql: string, ok: Ok | undefined) =>
  ok && /^[\s(]*(insert|update|delete|replace|load|with)\b/i.test(sql) ? ok.affected : null

const returned = (sql: string, rows: number) => (/^[\s(]*(insert|delete|replace)\b/i.test(sql) ? rows : null)

/**
 * Prepared once, bound row by row, many rows to a round trip. All rows are one transaction: the caller's, or one of its own; a row that
 * fails leaves none behind.
 */
export async function executeMany(
  session: Link,
  statement: Statement,
  rows: AsyncIterable<Record<string, BoundValue>>,
): Promise<number> {
  if (session.readOnly) refuseEscape(statement.sql)
  const sql = prepareSql(statement.sql)
  const own = !session.inTransaction && !session.readOnly
  if (own) await session.begin()
  else await session.script(`savepoint ${SAVEPOINT}`)
  try {
    const changed = await sendAll(session, sql, rows)
    await (own ? session.commit() : session.script(`release savepoint ${SAVEPOINT}`))
    return changed
  } catch (error) {
    if (!own) await session.quietly(`rollback to ${SAVEPOINT}`)
    else if (session.inTransaction) await session.rollback().catch(() => undefined)
    throw error
  }
}

async function sendAll(
  session: Link,
  sql: ReturnType<typeof prepareSql>,
  rows: AsyncIterable<Record<string, BoundValue>>,
): Promise<number> {
  const { client } = session
  const prepared = await session.run(() => prepare(client, sql.text), { origin: sql.origin })
  let changed = 0
  let sent = 0
  const flush = async (batch: Buffer[]) => {
    if (batch.length === 0) return
    const done = await session.run(() => runBatch(session, batch), { origin: sql.origin })
    if (done.failure)
      throw inRow(session.explain(done.failure.error, { origin: sql.origin }), sent + done.failure.index + 1)
    changed += done.changed
    sent += batch.length
  }
  try {
    let batch: Buffer[] = []
    for await (const row of rows) {
      batch.push(executeCommand(executeBody(prepared, boundValues(sql.names, row).map(wireValue))))
      if (batch.length < BATCH) continue
      await flush(batch)
      batch = []
    }
    await flush(batch)
    return changed
  } finally {
    if (session.usable) await session.run(() => closePrepared(client, prepared)).catch(() => undefined)
  }
}

interface BatchResult {
  changed: number
  failure?: { error: ServerError; index: number }
}

/** Sends all commands at once; the server answers them one by one. */
async function runBatch(session: Link, commands: readonly Buffer[]): Promise<BatchResult> {
  const result: BatchResult = { changed: 0 }
  let answered = 0
  const { receive, started } = following(session.client, {
    end: (ok) => {
      session.note(ok)
      result.changed += ok.affected
    },
  })
  await exchange(session.client, commands, {
    ...(started ? { started } : {}),
    receive: (data, start, end) => receive(data, start, end) && ++answered === commands.length,
    refused(error) {
      result.failure ??= { error, index: answered }
      return ++answered === commands.length
    },
  })
  return result
}
