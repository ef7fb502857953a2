import { AppError } from '../../../shared/errors.ts'
import type { WritePlan } from '../dialect.ts'

/** Rows of a load that the table refused, set aside as long as the plan allows more. */
export class Rejects {
  count = 0
  private readonly plan: WritePlan

  constructor(plan: WritePlan) {
    this.plan = plan
  }

  /** @throws AppError DATA_REJECTS when it is one too many */
  add(row: string, reason: string): void {
    this.count++
    const { maxRejects, table } = this.plan
    if (this.count > maxRejects)
      throw new AppError(
        'DATA_REJECTS',
        `More than ${maxRejects} row${maxRejects === 1 ? ' was' : 's were'} refused by table ${table.name}. The last: ${reason}`,
        { hint: 'Mend the rows before the load, or allow more rejected rows.' },
      )
    this.plan.onReject?.(row, reason)
  }
}
