import type { WritePlan, WriteResult } from '../dialect.ts'
import { addApplied, noneApplied } from '../server/applied.ts'
import { Rejects } from '../server/rejects.ts'
import type { Link } from './link.ts'
import { loadAll } from './loader.ts'
import { reasonOf } from './refusals.ts'
import type { Target } from './target.ts'

const SAVEPOINT = 'sluice_batch'

/**
 * Loads rows in batches, each under a savepoint. The server does not reliably name the rows that it refuses, so a refused batch is tried
 * again in halves until the rows to set aside stand alone.
 */
export class BatchLoader {
  private readonly session: Link
  private readonly plan: WritePlan
  private readonly target: Target
  private readonly rejects: Rejects
  private readonly total = noneApplied()
  private pending: Buffer[] = []
  private received = 0

  constructor(session: Link, plan: WritePlan, target: Target) {
    this.session = session
    this.plan = plan
    this.target = target
    this.rejects = new Rejects(plan)
  }

  async add(rows: readonly Buffer[]): Promise<void> {
    for (const row of rows) this.pending.push(row)
    this.received += rows.length
    const size = Math.max(1, this.plan.batchSize)
    while (this.pending.length >= size) await this.load(this.pending.splice(0, size))
  }

  /** Loads what is left; says what changed in all. */
  async end(): Promise<WriteResult> {
    await this.load(this.pending.splice(0))
    await this.target.stage?.drop()
    return { received: this.received, ...this.total, rejected: this.rejects.count }
  }

  private async load(rows: readonly Buffer[]): Promise<void> {
    if (rows.length === 0) return
    const reason = await this.attempt(rows)
    if (reason === undefined) return
    if (rows.length === 1) {
      this.rejects.add(rows[0]?.toString('utf8') ?? '', reason)
      return
    }
    const middle = Math.floor(rows.length / 2)
    await this.load(rows.slice(0, middle))
    await this.load(rows.slice(middle))
  }

  /** Loads and applies rows under a savepoint; says why the data was refused. Any other failure is thrown. */
  private async attempt(rows: readonly Buffer[]): Promise<string | undefined> {
    await this.session.script(`savepoint ${SAVEPOINT}`)
    try {
      await this.put(rows)
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === undefined || this.session.aborted) throw error
      await this.session.script(`rollback to ${SAVEPOINT}`)
      return reason
    }
    await this.session.script(`release savepoint ${SAVEPOINT}`)
    return undefined
  }

  private async put(rows: readonly Buffer[]): Promise<void> {
    const { stage, into } = this.target
    const loaded = await loadAll(this.session, into, Buffer.concat(rows))
    addApplied(this.total, stage ? await stage.apply() : { ...noneApplied(), inserted: loaded })
    await stage?.empty()
  }
}
