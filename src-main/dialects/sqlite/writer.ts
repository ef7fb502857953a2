import type { AppError } from '../../../shared/errors.ts'
import type { WritePlan, WriteResult, Writer } from '../dialect.ts'
import type { LaneProcess } from './lane-process.ts'

export interface WriterEnd {
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** Feeds a write in the lane. `end` is given when the transaction is this write's own. */
export class SqliteWriter implements Writer {
  private readonly lane: LaneProcess
  private readonly end: WriterEnd | undefined
  private sent = 0
  private failure: AppError | undefined
  private over = false

  constructor(lane: LaneProcess, plan: WritePlan, end: WriterEnd | undefined) {
    this.lane = lane
    this.end = end
    lane.occupied = 'write'
    lane.events.reject = (row, reason) => plan.onReject?.(row, reason)
    lane.events.failed = (error) => {
      this.failure = error
    }
  }

  async write(piece: Uint8Array): Promise<void> {
    if (this.failure) throw this.failure
    this.sent += piece.length
    await this.lane.feed(piece)
    if (this.failure) throw this.failure
  }

  async finish(): Promise<WriteResult> {
    this.over = true
    try {
      const result = await this.lane.call('finish', { bytes: this.sent })
      this.lane.occupied = undefined
      await this.end?.commit()
      return result
    } catch (thrown) {
      this.lane.occupied = undefined
      if (this.lane.alive) await this.end?.rollback()
      throw thrown
    }
  }

  async abort(): Promise<void> {
    if (this.over || !this.lane.alive) return
    this.over = true
    await this.lane.call('abort', { bytes: this.sent })
    this.lane.occupied = undefined
    await this.end?.rollback()
  }
}
