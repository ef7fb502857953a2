import type { PlanStep } from '../../../../shared/contract/queries.ts'
import type { BoundValue } from '../../../dialects/dialect.ts'

export interface Explained {
  plan: PlanStep
  /** As the database gave it. */
  text: string
}

export interface ToExplain {
  sql: string
  params: Record<string, BoundValue>
  analyze: boolean
}
