import { type Field, typedRow, WireReader } from '../../../shared/data/wire-reader.ts'
import { type Into, insertSql } from './into.ts'
import type { Link } from './link.ts'
import type { Ok } from './packets.ts'
import { executeBody, nullValue, textValue, valueText, type WireValue } from './params.ts'
import { exchange } from './protocol.ts'
import { insertError } from './refusals.ts'
import { closePrepared, executeCommand, following, type Prepared, prepare } from './results.ts'
import { checkFor, misfit, rewriteOf } from './transcode.ts'

const ROWS = 256
/** A statement's values must fit the server's max_allowed_packet, which is 1 MB where it is small, and be 65,535 at most. */
const BYTES = 512 * 1024
const VALUES = 60_000

/** Rows into a table by prepared inserts of many rows, for servers that take no local files. */
export class InsertLane {
  private readonly session: Link
  private readonly into: Into
  private readonly most: number
  private readonly reader = new WireReader()
  private readonly prepared = new Map<number, Prepared>()
  private waiting: WireValue[][] = []
  private bytes = 0
  private loaded = 0
  private unfinished = false
  rows = 0
  private readonly checks: ReturnType<typeof checkFor>[]

  constructor(session: Link, into: Into) {
    this.session = session
    this.into = into
    this.checks = into.columns.map(({ column, target }) => checkFor(column, target))
    this.most = Math.max(1, Math.min(ROWS, Math.floor(VALUES / into.columns.length)))
  }

  get partial(): boolean {
    return this.unfinished
  }

  async write(piece: Uint8Array): Promise<void> {
    this.unfinished = piece[piece.length - 1] !== 10
    for (const fields of this.reader.pushBytes(piece)) {
      this.rows++
      const row = this.into.columns.map((each, index) => this.value(each, fields[index] ?? null, this.checks[index]))
      this.waiting.push(row)
      this.bytes += row.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0)
      if (this.waiting.length >= this.most || this.bytes >= BYTES) await this.flush()
    }
  }

  async finish(): Promise<number> {
    this.reader.end()
    await this.flush()
    await this.abort()
    return this.loaded
  }

  async abort(): Promise<void> {
    const all = [...this.prepared.values()]
    this.prepared.clear()
    for (const each of all)
      if (this.session.usable)
        await this.session.run(() => closePrepared(this.session.client, each)).catch(() => undefined)
  }

  private value(
    { column, target }: Into['columns'][number],
    field: Field,
    check: ReturnType<typeof checkFor>,
  ): WireValue {
    if (field === null) return nullValue
    if (check && !check(field)) throw misfit(column, target, field, this.rows)
    if (rewriteOf(column, target) !== 'boolean') return textValue(Buffer.from(valueText(field, column.type.kind)))
    const [cell] = typedRow([field], [column])
    return textValue(Buffer.from(cell === true ? '1' : '0'))
  }

  /** In statements of 256, 128, … rows, so that few have to be prepared. */
  private async flush(): Promise<void> {
    const rows = this.waiting
    this.waiting = []
    this.bytes = 0
    for (let at = 0; at < rows.length; ) {
      const count = 2 ** Math.floor(Math.log2(rows.length - at))
      await this.insert(rows.slice(at, at + count))
      at += count
    }
  }

  private async insert(rows: readonly WireValue[][]): Promise<void> {
    const { client } = this.session
    const known = this.prepared.get(rows.length)
    const statement = known ?? (await this.session.run(() => prepare(client, insertSql(this.into, rows.length))))
    this.prepared.set(rows.length, statement)
    let ended: Ok | undefined
    const listener = following(client, {
      end: (ok) => {
        ended = ok
        this.session.note(ok)
      },
    })
    const command = executeCommand(executeBody(statement, rows.flat()))
    await this.session.run(() =>
      exchange(client, [command], listener).catch((error: unknown) => {
        throw insertError(error, this.loaded)
      }),
    )
    if (ended) this.loaded += rows.length
  }
}
