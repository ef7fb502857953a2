import type { Column, ScalarKind } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { typedBatches } from '../../../shared/data/wire-reader.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Reader, Statement } from '../dialect.ts'
import { boundValues } from '../server/params.ts'
import { piecesOf } from '../server/pieces.ts'
import { type Description, describe } from './describe.ts'
import type { ErrorContext } from './errors.ts'
import type { Link } from './link.ts'
import { type OpenQuery, openQuery } from './open-query.ts'
import { wireValue } from './params.ts'
import { RowsOut } from './rows-out.ts'
import { prepareSql, refuseEscape } from './sql.ts'
import { wireTypes } from './types.ts'

/** A query of a session; see Reader. Its rows keep the session busy until they end or are left. */
export class MyReader implements Reader {
  private readonly session: Link
  private readonly statement: Statement
  private readonly plain: readonly ScalarKind[]
  private description: Promise<Description> | undefined
  private pulled = false
  private count = 0

  constructor(session: Link, statement: Statement, plain: readonly ScalarKind[]) {
    this.session = session
    this.statement = statement
    this.plain = plain
  }

  get rowsRead(): number {
    return this.count
  }

  async columns(): Promise<Column[]> {
    return (await this.described()).columns
  }

  private described(): Promise<Description> {
    const unborn = this.session.pending.namedIn(this.statement.sql)
    if (unborn) {
      throw new AppError(
        'QUERY_MISSING',
        `Table ${unborn.name} is made by this run and takes its place when all of it commits.`,
        {
          hint: 'Make the table before the run, or commit each load by itself ("atomic": "node"), to read it in the same run.',
        },
      )
    }
    this.description ??= describe(this.session, this.statement, this.plain)
    return this.description
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    if (this.pulled) throw new AppError('RUN_STATE', 'The rows of a query can be read only once.')
    this.pulled = true
    const { session, statement } = this
    if (session.readOnly) refuseEscape(statement.sql)
    const { fields } = await this.described()
    const sql = prepareSql(statement.sql)
    const context = { origin: sql.origin, during: 'rows were being read' }
    const values = boundValues(sql.names, statement.params).map(wireValue)
    await session.enter()
    let open: OpenQuery | undefined
    try {
      const binary = fields.some((field) => field.type === wireTypes.float)
      open = await session.run(() => openQuery(session.client, sql.text, values, binary), context)
      yield* this.pieces(open, context)
      await session.afterStatement()
    } finally {
      const { close } = open ?? {}
      if (close && session.usable) await session.run(close).catch(() => undefined)
      await session.leave()
    }
  }

  private pieces({ payload, binary }: OpenQuery, context: ErrorContext): AsyncGenerator<Uint8Array> {
    const { session } = this
    session.ready(context)
    const out = new RowsOut(session.client, payload, binary, session.note, this.plain)
    return piecesOf(session, out, context, this.counted, async ({ failed }) => {
      if (failed) await session.afterFailure()
    })
  }

  private readonly counted = (rows: number): void => {
    this.count = rows
  }

  async *rows(batchSize: number): AsyncGenerator<Row[]> {
    yield* typedBatches(this.bytes(), await this.columns(), batchSize)
  }
}
