import { AppError } from '../../../shared/errors.ts'
import type { WritePlan } from '../dialect.ts'
import { type Applied, addApplied, noneApplied } from '../server/applied.ts'
import { Rejects } from '../server/rejects.ts'
import { CopyIn } from './copy-in.ts'
import { copyPlace, serverError } from './errors.ts'
import type { Link } from './link.ts'
import type { Stage } from './stage.ts'
import { withOwnName } from './swap.ts'

const SAVEPOINT = 'sluice_batch'

/** Why the server refused, and which row of the batch it named. */
interface Refusal {
  reason: string
  row: number | undefined
}

/**
 * Loads rows in batches, each under a savepoint. When a batch is refused the server mostly names the line; the rows
 * before it are loaded, it is set aside, and the rest is tried again. Where no line is named, halves are tried.
 */
export class BatchLoader {
  private readonly session: Link
  private readonly plan: WritePlan
  private readonly copySql: string
  private readonly rejects: Rejects
  private pending: Buffer[] = []
  private copied = 0

  constructor(session: Link, plan: WritePlan, copySql: string) {
    this.session = session
    this.plan = plan
    this.copySql = copySql
    this.rejects = new Rejects(plan)
  }

  get rejected(): number {
    return this.rejects.count
  }

  async add(rows: readonly Buffer[]): Promise<void> {
    this.pending.push(...rows)
    const size = Math.max(1, this.plan.batchSize)
    while (this.pending.length >= size) await this.load(this.pending.splice(0, size))
  }

  /** Loads what is left; returns how many rows the server took in all. */
  async end(): Promise<number> {
    await this.load(this.pending.splice(0))
    return this.copied
  }

  /** Applies a staging table, setting aside the rows that the table itself refuses. */
  async apply(stage: Stage): Promise<Applied> {
    await stage.analyze()
    const total = noneApplied()
    const whole = await this.attempt(async () => addApplied(total, await stage.apply()))
    if (whole) {
      await stage.keepLast()
      const range = await stage.range()
      const size = Math.max(1, this.plan.batchSize)
      for (let from = range?.from ?? 1; range && from <= range.to; from += size)
        await this.applyRange(stage, from, Math.min(range.to, from + size - 1), total)
    }
    await stage.drop()
    return total
  }

  private async applyRange(stage: Stage, from: number, to: number, total: Applied): Promise<void> {
    const refusal = await this.attempt(async () => addApplied(total, await stage.apply({ from, to })))
    if (!refusal) return
    if (from === to) {
      this.rejects.add((await stage.row(from)) ?? '', refusal.reason)
      return
    }
    const middle = Math.floor((from + to) / 2)
    await this.applyRange(stage, from, middle, total)
    await this.applyRange(stage, middle + 1, to, total)
  }

  private async load(rows: readonly Buffer[]): Promise<void> {
    let rest = rows
    while (rest.length > 0) {
      const batch = rest
      const refusal = await this.attempt(async () => {
        this.copied += await this.copy(batch)
      }, batch)
      if (!refusal) return
      const bad = refusal.row ?? (batch.length === 1 ? 0 : undefined)
      if (bad === undefined) {
        const middle = Math.floor(batch.length / 2)
        await this.load(batch.slice(0, middle))
        rest = batch.slice(middle)
        continue
      }
      await this.load(batch.slice(0, bad))
      this.rejects.add(batch[bad]?.toString('utf8') ?? '', refusal.reason)
      rest = batch.slice(bad + 1)
    }
  }

  private copy(rows: readonly Buffer[]): Promise<number> {
    this.session.ready()
    const stream = new CopyIn(this.session.client, this.copySql)
    const free = this.session.hold(stream.finished, () => stream.fail('cancelled'))
    return stream
      .write(Buffer.concat(rows))
      .then(() => stream.finish())
      .finally(free)
  }

  /** Runs work under a savepoint; says why the data was refused. Any other failure is thrown. */
  private async attempt(work: () => Promise<void>, rows?: readonly Buffer[]): Promise<Refusal | undefined> {
    await this.session.script(`savepoint ${SAVEPOINT}`)
    try {
      await work()
    } catch (error) {
      const refusal = refusalOf(error, rows, this.plan)
      if (!refusal || this.session.aborted) throw error
      await this.session.script(`rollback to ${SAVEPOINT}; release ${SAVEPOINT}`)
      return refusal
    }
    await this.session.script(`release ${SAVEPOINT}`)
    return undefined
  }
}

/** Only what is wrong with the data is a reason to set rows aside. */
function refusalOf(error: unknown, rows: readonly Buffer[] | undefined, plan: WritePlan): Refusal | undefined {
  const server = serverError(error instanceof AppError ? error.cause : error)
  if (!server || !/^(22|23|42804)/.test(server.code)) return undefined
  const place = copyPlace(server.where)
  const column = place?.column ?? server.column
  const reason = `${column ? `Column ${column}: ` : ''}${server.message}.${server.detail ? ` ${server.detail}` : ''}`
  return { reason: withOwnName(reason, plan), row: place && rows ? rowAtLine(rows, place.line) : undefined }
}

/** The server counts lines, also those inside quotes. */
function rowAtLine(rows: readonly Buffer[], line: number): number | undefined {
  let lines = 0
  for (const [index, row] of rows.entries()) {
    for (let at = row.indexOf(10); at >= 0; at = row.indexOf(10, at + 1)) lines++
    if (lines >= line) return index
  }
  return undefined
}
