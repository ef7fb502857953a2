import type { Column } from '../../../shared/data/types.ts'
import type { Row, WireFormat } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Reader, Statement } from '../dialect.ts'
import { piecesOf } from '../server/pieces.ts'
import { CopyOut } from './copy-out.ts'
import { copyPlanOf } from './copy-sql.ts'
import { type Description, describe } from './describe.ts'
import type { ErrorContext } from './errors.ts'
import type { Link } from './link.ts'
import { Portal } from './portal.ts'
import type { PgConnection } from './protocol.ts'
import { refuseOutside } from './read-only.ts'
import { laneOf } from './sql.ts'

const SAVEPOINT = 'sluice_read'

/** A query of a session; see Reader. Selects travel by COPY, everything else through a portal. */
export class PgReader implements Reader {
  private readonly session: Link
  private readonly statement: Statement
  private description: Promise<Description> | undefined
  private pulled = false
  private count = 0

  constructor(session: Link, statement: Statement) {
    this.session = session
    this.statement = statement
  }

  get rowsRead(): number {
    return this.count
  }

  async columns(): Promise<Column[]> {
    return (await this.described()).columns
  }

  private described(): Promise<Description> {
    this.description ??= describe(this.session, this.statement)
    return this.description
  }

  async *bytes(format: WireFormat): AsyncGenerator<Uint8Array> {
    this.pull()
    const description = await this.described()
    const lane = laneOf(this.statement.sql)
    const plan = copyPlanOf(this.statement, description, lane, format)
    if (!plan) {
      yield* this.portal().wire(1000, format)
      return
    }
    yield* this.copy(plan.origin, (connection) => plan.send(connection))
  }

  async *rows(batchSize: number): AsyncGenerator<Row[]> {
    this.pull()
    yield* this.portal().rows(batchSize)
  }

  private portal(): Portal {
    return new Portal(
      this.session,
      this.statement,
      () => this.described(),
      (rows) => {
        this.count += rows
      },
    )
  }

  private pull(): void {
    if (this.pulled) throw new AppError('RUN_STATE', 'The rows of a query can be read only once.')
    this.pulled = true
    if (this.session.readOnly) refuseOutside(this.statement.sql)
  }

  private async *copy(
    origin: (position: number) => number | undefined,
    send: (connection: PgConnection) => void,
  ): AsyncGenerator<Uint8Array> {
    const { session } = this
    await session.enter()
    try {
      // Stopping early cancels the COPY, which must not cost the caller the transaction.
      const nested = session.transactionOpen
      if (nested) await session.script(`savepoint ${SAVEPOINT}`)
      yield* this.pieces({ origin, during: 'rows were being read' }, send, nested)
      if (nested) await session.script(`release ${SAVEPOINT}`)
    } finally {
      await session.leave()
    }
  }

  private pieces(
    context: ErrorContext,
    send: (connection: PgConnection) => void,
    nested: boolean,
  ): AsyncGenerator<Uint8Array> {
    const { session } = this
    session.ready(context)
    const copy = new CopyOut(session.client, send)
    const counted = (rows: number) => {
      this.count = rows
    }
    return piecesOf(session, copy, context, counted, async ({ early }) => {
      if (early && nested) await session.quietly(`rollback to ${SAVEPOINT}; release ${SAVEPOINT}`)
    })
  }
}
