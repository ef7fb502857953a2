import type { Row, WireFormat } from '../../../shared/data/wire.ts'
import { cellText } from '../../../shared/data/wire.ts'
import type { Statement } from '../dialect.ts'
import { boundValues } from '../server/params.ts'
import { decodeRows, parseArray } from './arrays.ts'
import type { Description } from './describe.ts'
import { executeOne } from './execute.ts'
import type { Link } from './link.ts'
import { valueText } from './params.ts'
import { exchange, type Field } from './protocol.ts'
import { prepareSql } from './sql.ts'
import type { PgType } from './types.ts'

type TextRow = (string | null)[]
let portals = 0

/**
 * Rows of any statement, fetched in batches through a portal of the server. The portal lives in a transaction, the
 * caller's or one of its own, so between two batches the session is free for other statements.
 */
export class Portal {
  private readonly session: Link
  private readonly statement: Statement
  private readonly described: () => Promise<Description>
  private readonly counted: (rows: number) => void

  constructor(
    session: Link,
    statement: Statement,
    described: () => Promise<Description>,
    counted: (rows: number) => void,
  ) {
    this.session = session
    this.statement = statement
    this.described = described
    this.counted = counted
  }

  async *rows(batchSize: number): AsyncGenerator<Row[]> {
    const { fields } = await this.described()
    const types = fields.map((field) => field.pg.type)
    for await (const batch of this.batches(batchSize)) yield decodeRows(batch, types)
  }

  async *wire(batchSize: number, format: WireFormat): AsyncGenerator<Uint8Array> {
    const { fields } = await this.described()
    for await (const batch of this.batches(batchSize))
      if (fields.length > 0) yield Buffer.from(batch.map((row) => wireLine(row, fields, format)).join(''))
  }

  private async *batches(batchSize: number): AsyncGenerator<TextRow[]> {
    const { session } = this
    const description = await this.described()
    if (session.transactionOpen) {
      yield* this.fetch(description, batchSize)
      return
    }
    // Statements that refuse a transaction (VACUUM, CREATE DATABASE) return no rows and need no portal of their own.
    if (description.fields.length === 0) {
      await session.guarded(() => executeOne(session, this.statement))
      return
    }
    await session.begin()
    let failed = false
    try {
      yield* this.fetch(description, batchSize)
    } catch (error) {
      failed = true
      throw error
    } finally {
      // Stopping early keeps what other statements of the session did in between.
      if (session.inTransaction && failed) await session.rollback().catch(() => undefined)
      else if (session.inTransaction) await session.commit()
    }
  }

  private async *fetch(description: Description, batchSize: number): AsyncGenerator<TextRow[]> {
    const { session } = this
    const { client } = session
    const prepared = prepareSql(this.statement.sql)
    const values = boundValues(prepared.names, this.statement.params).map(valueText)
    portals = (portals + 1) % Number.MAX_SAFE_INTEGER
    const portal = `sluice_${portals}`
    const context = { origin: prepared.origin, during: 'rows were being read' }
    session.touch()
    let open = false
    try {
      for (let first = true, more = true; more; first = false) {
        const batch: TextRow[] = []
        let tag = ''
        more = false
        await session.run(
          () =>
            exchange(
              client,
              (connection) => {
                if (first) {
                  connection.parse({ text: prepared.text, types: description.parameters })
                  connection.bind({ portal, values })
                }
                connection.execute({ portal, rows: batchSize })
                connection.sync()
              },
              {
                row: (fields) => batch.push(fields),
                suspended: () => {
                  more = true
                },
                complete: (text) => {
                  tag = text
                },
              },
            ),
          context,
        )
        open = more
        await session.checkTag(tag)
        this.counted(batch.length)
        if (batch.length > 0) yield batch
      }
    } finally {
      if (open && session.transactionOpen && !session.aborted)
        await session
          .run(() =>
            exchange(client, (connection) => {
              connection.close({ type: 'P', name: portal })
              connection.sync()
            }),
          )
          .catch(() => undefined)
    }
  }
}

function wireLine(row: TextRow, fields: readonly (Field & { pg: PgType })[], format: WireFormat): string {
  const texts = fields.map(({ pg: { type } }, index) => {
    const text = row[index] ?? null
    if (text === null) return ''
    if (type.kind !== 'list' || format.lists === 'postgres') return quoted(text)
    return quoted(cellText(parseArray(text, type.of), type, format))
  })
  return `${texts.join(',')}\n`
}

const needsQuotes = /[",\n\r]|^\s|\s$|^$|^\\/
const quoted = (text: string) => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
