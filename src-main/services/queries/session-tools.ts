import type { QueryValue } from '../../../shared/contract/queries.ts'
import type { Identity } from '../live-connections.ts'
import type { Recorded } from './history.ts'
import type { QueryRows, RowLimits } from './rows.ts'
import type { Target } from './target.ts'

export interface Place {
  connection: string
  folder: string
}

export interface QueryRequest extends Place {
  sql: string
  params: Readonly<Record<string, QueryValue>>
  manual: boolean
  sure: boolean
}

/** What a session works with. */
export interface SessionTools {
  rows: QueryRows
  /** When `signal` aborts, whatever runs on it ends. @throws AppError CONNECTION_* */
  open(place: Place, signal: AbortSignal): Promise<Target>
  /** Another key once the connection of the place is another one than it was. @throws AppError CONNECTION_* where there is none */
  identity(place: Place): Promise<Identity>
  limits(): Promise<RowLimits>
  /** Takes down what was run; never fails. */
  record(entry: Recorded): Promise<void>
  /** The schema of a database is another one now. */
  changed(): void
}
