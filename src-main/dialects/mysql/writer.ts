import { AppError } from '../../../shared/errors.ts'
import type { WritePlan, WriteResult, Writer } from '../dialect.ts'
import { RowSplitter } from '../row-splitter.ts'
import { noneApplied } from '../server/applied.ts'
import { BatchLoader } from './batches.ts'
import type { Link } from './link.ts'
import { type Lane, openLane } from './loader.ts'
import { openTarget, type Target } from './target.ts'

const NEWLINE = 10

/** Prepares the table and opens the way for rows. Begins a transaction when there is none, and then also ends it. */
export async function openWriter(session: Link, plan: WritePlan): Promise<Writer> {
  if (session.readOnly)
    throw new AppError('QUERY_READ_ONLY', `Table ${plan.table.name} is reached through a read-only connection.`, {
      hint: 'The connection is marked read-only. Use another connection to write.',
    })
  const own = !session.inTransaction
  if (own) await session.begin()
  try {
    return new MyWriter(session, plan, await openTarget(session, plan), own)
  } catch (error) {
    if (own && session.inTransaction) await session.rollback().catch(() => undefined)
    throw error
  }
}

class MyWriter implements Writer {
  private readonly session: Link
  private readonly plan: WritePlan
  private readonly target: Target
  private readonly own: boolean
  private readonly splitter = new RowSplitter()
  private readonly batches: BatchLoader | undefined
  private lane: Lane | undefined
  private lastByte = NEWLINE
  private over = false

  constructor(session: Link, plan: WritePlan, target: Target, own: boolean) {
    this.session = session
    this.plan = plan
    this.target = target
    this.own = own
    if (plan.maxRejects > 0) this.batches = new BatchLoader(session, plan, target)
  }

  async write(piece: Uint8Array): Promise<void> {
    if (this.over) throw new AppError('RUN_STATE', 'The load has already ended.')
    if (piece.length === 0) return
    this.lastByte = piece[piece.length - 1] ?? NEWLINE
    await this.guard(async () => {
      if (this.batches) return this.batches.add(this.splitter.push(piece))
      this.lane ??= await openLane(this.session, this.target.into)
      await this.lane.write(piece)
    })
  }

  async finish(): Promise<WriteResult> {
    if (this.over) throw new AppError('RUN_STATE', 'The load has already ended.')
    return this.guard(async () => {
      if (this.lastByte !== NEWLINE || this.splitter.partial || this.lane?.partial)
        throw new AppError('DATA_SHORT', 'The rows to load ended inside a row.', { retryable: true })
      const result = this.batches ? await this.batches.end() : await this.applyAll()
      this.over = true
      if (this.own) await this.session.commit()
      return result
    })
  }

  async abort(): Promise<void> {
    if (this.over) return
    this.over = true
    const { made } = this.target
    if (made) this.session.pending.remove(made)
    await this.lane?.abort()
    if (this.own && this.session.inTransaction) await this.session.rollback().catch(() => undefined)
  }

  private async applyAll(): Promise<WriteResult> {
    const loaded = (await this.lane?.finish()) ?? 0
    const { stage } = this.target
    const received = this.lane?.rows ?? 0
    if (!stage) return { received, ...noneApplied(), inserted: loaded, rejected: 0 }
    const applied = loaded > 0 ? await stage.apply() : noneApplied()
    await stage.drop()
    return { received, ...applied, rejected: 0 }
  }

  /** A failure ends the load, and its transaction when it is the load's own. */
  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const explained = this.session.explain(error, { during: `rows were being loaded into ${this.plan.table.name}` })
      await this.abort()
      await this.session.afterFailure()
      throw explained
    }
  }
}
