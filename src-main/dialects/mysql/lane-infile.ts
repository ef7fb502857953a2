import { Infile } from './infile.ts'
import { type Into, loadSql } from './into.ts'
import type { Link } from './link.ts'
import { checkLoaded } from './refusals.ts'
import { Transcoder } from './transcode.ts'

/** Bytes after which a statement is ended and its warnings are read, so that a refused row is known before all have passed. */
const STATEMENT = 32 * 1024 * 1024

/** Rows into a table by LOAD DATA LOCAL, in statements of some size within the transaction. */
export class InfileLane {
  private readonly session: Link
  private readonly into: Into
  private readonly transcoder: Transcoder
  private running: { infile: Infile; free: () => void } | undefined
  private sent = 0
  private loaded = 0

  constructor(session: Link, into: Into) {
    this.session = session
    this.into = into
    this.transcoder = new Transcoder(into.columns)
  }

  get partial(): boolean {
    return this.transcoder.partial
  }

  get rows(): number {
    return this.transcoder.rows
  }

  /** Begins the first statement. @throws the server's error when it takes no local files */
  async open(): Promise<void> {
    await this.statement().opened()
  }

  async write(piece: Uint8Array): Promise<void> {
    const bytes = this.transcoder.push(piece)
    const end = this.transcoder.lastRowEnd
    if (this.sent + bytes.length < STATEMENT || end === 0) return this.send(bytes)
    await this.send(bytes.subarray(0, end))
    await this.endStatement()
    if (end < bytes.length) await this.send(bytes.subarray(end))
  }

  /** Ends the rows; returns how many were loaded in all. */
  async finish(): Promise<number> {
    await this.endStatement()
    return this.loaded
  }

  /** Ends what runs, for a transaction that is rolled back. */
  async abort(): Promise<void> {
    const { running } = this
    this.running = undefined
    if (!running) return
    running.infile.fail()
    await running.infile.finished
    running.free()
  }

  private async send(bytes: Buffer): Promise<void> {
    this.sent += bytes.length
    await this.statement().write(bytes)
  }

  private statement(): Infile {
    if (this.running) return this.running.infile
    this.session.ready()
    const infile = new Infile(this.session.client, loadSql(this.into), this.session.note)
    this.running = { infile, free: this.session.hold(infile.finished, () => infile.fail()) }
    return infile
  }

  private async endStatement(): Promise<void> {
    const { running } = this
    if (!running) return
    const ok = await running.infile.finish().finally(() => {
      this.running = undefined
      running.free()
    })
    this.loaded += await checkLoaded(this.session, ok, this.loaded)
    this.sent = 0
  }
}
