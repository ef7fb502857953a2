import { AppError } from '../../../shared/errors.ts'
import type { WritePlan, WriteResult, Writer } from '../dialect.ts'
import { RowSplitter } from '../row-splitter.ts'
import { noneApplied } from '../server/applied.ts'
import { BatchLoader } from './batches.ts'
import { CopyIn } from './copy-in.ts'
import type { Link } from './link.ts'
import { quote } from './sql.ts'
import { withOwnName } from './swap.ts'
import { openTarget, type Target } from './target.ts'

const NEWLINE = 10
const END_MARK = Buffer.from('\\.\n')
const QUOTED_END_MARK = Buffer.from('"\\."\n')

/** Prepares the table and opens the way for rows. Begins a transaction when there is none, and then also ends it. */
export async function openWriter(session: Link, plan: WritePlan): Promise<Writer> {
  const own = !session.inTransaction
  if (own) await session.begin()
  try {
    const target = await openTarget(session, plan)
    return new PgWriter(session, plan, target, own)
  } catch (error) {
    if (own && session.inTransaction) await session.rollback().catch(() => undefined)
    throw error
  }
}

class PgWriter implements Writer {
  private readonly session: Link
  private readonly plan: WritePlan
  private readonly target: Target
  private readonly own: boolean
  private readonly splitter: RowSplitter | undefined
  private readonly batches: BatchLoader | undefined
  private copy: { stream: CopyIn; free: () => void } | undefined
  private lastByte = NEWLINE
  private over = false

  constructor(session: Link, plan: WritePlan, target: Target, own: boolean) {
    this.session = session
    this.plan = plan
    this.target = target
    this.own = own
    if (plan.maxRejects > 0) this.batches = new BatchLoader(session, plan, this.copySql())
    // Servers before 18 take a line of `\.` for the end of the rows; only a single column can make such a line.
    if (this.batches || plan.columns.length === 1) this.splitter = new RowSplitter()
  }

  private copySql(): string {
    const columns = this.plan.columns.map((column) => quote(column.name)).join(', ')
    return `copy ${this.target.into} (${columns}) from stdin (format csv)`
  }

  async write(piece: Uint8Array): Promise<void> {
    if (this.over) throw new AppError('RUN_STATE', 'The load has already ended.')
    if (piece.length === 0) return
    this.lastByte = piece[piece.length - 1] ?? NEWLINE
    await this.guard(async () => {
      if (!this.splitter) return this.send(piece)
      const rows = this.splitter.push(piece)
      if (this.plan.columns.length === 1)
        for (const [index, row] of rows.entries()) if (row.equals(END_MARK)) rows[index] = QUOTED_END_MARK
      if (this.batches) await this.batches.add(rows)
      else if (rows.length > 0) await this.send(Buffer.concat(rows))
    })
  }

  async finish(): Promise<WriteResult> {
    if (this.over) throw new AppError('RUN_STATE', 'The load has already ended.')
    return this.guard(async () => {
      if (this.lastByte !== NEWLINE || this.splitter?.partial)
        throw new AppError('DATA_SHORT', 'The rows to load ended inside a row.', { retryable: true })
      const copied = this.batches ? await this.batches.end() : await this.endCopy()
      const received = copied + (this.batches?.rejected ?? 0)
      const { stage } = this.target
      const applied = stage
        ? await (this.batches ? this.batches.apply(stage) : this.applyAll(stage))
        : { ...noneApplied(), inserted: copied }
      await this.target.finish?.()
      this.over = true
      if (this.own) await this.session.commit()
      return { received, ...applied, rejected: this.batches?.rejected ?? 0 }
    })
  }

  async abort(): Promise<void> {
    if (this.over) return
    this.over = true
    const { copy } = this
    this.copy = undefined
    if (copy) {
      await copy.stream.abort()
      copy.free()
    }
    if (this.own && this.session.inTransaction) await this.session.rollback().catch(() => undefined)
  }

  private async applyAll(stage: NonNullable<Target['stage']>) {
    if (this.plan.mode !== 'upsert') await stage.analyze()
    const applied = await stage.apply()
    await stage.drop()
    return applied
  }

  private async send(piece: Uint8Array): Promise<void> {
    this.copy ??= this.openCopy()
    await this.copy.stream.write(piece)
  }

  private openCopy() {
    this.session.ready()
    const stream = new CopyIn(this.session.client, this.copySql())
    return { stream, free: this.session.hold(stream.finished, () => stream.fail('cancelled')) }
  }

  private async endCopy(): Promise<number> {
    const { copy } = this
    if (!copy) return 0
    try {
      return await copy.stream.finish()
    } finally {
      this.copy = undefined
      copy.free()
    }
  }

  /** A failure ends the load, and its transaction when it is the load's own. */
  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const explained = this.session.explain(error, {
        during: `rows were being loaded into ${this.plan.table.name}`,
        named: (text) => withOwnName(text, this.plan),
      })
      await this.abort()
      throw explained
    }
  }
}
