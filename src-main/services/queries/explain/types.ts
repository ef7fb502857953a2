import type { PlanStep } from '../../../../shared/contract/queries.ts'
import type { BoundValue } from '../../../dialects/dialect.ts'

export interface Explained {
  plan: PlanStep
  /** As the database gave it. */
  text: string
}

export interface ToExplain {
  sql: string
  /** Where the statement begins in the text that was given. */
  from: number
  params: Record<string, BoundValue>
  analyze: boolean
}
