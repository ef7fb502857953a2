import type { PlanStep } from '../../../../shared/contract/queries.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Session } from '../../../dialects/dialect.ts'
import { ask } from './ask.ts'
import type { Explained, ToExplain } from './types.ts'

/** SQLite says how it goes about a statement, and neither costs nor counts. */
export async function explainSqlite(session: Session, wanted: ToExplain): Promise<Explained> {
  if (wanted.analyze) {
    throw new AppError('CONFIG_INVALID', 'SQLite cannot tell how a statement went, only how it would go about it.', {
      hint: 'Use Explain.',
    })
  }
  const { rows } = await ask(session, 'EXPLAIN QUERY PLAN ', wanted)
  const entries = rows.map(([id, parent, , detail]) => ({
    id: Number(id),
    parent: Number(parent),
    detail: String(detail),
  }))
  const below = (of: number): PlanStep[] =>
    entries.filter(({ parent }) => parent === of).map(({ id, detail }) => ({ title: detail, steps: below(id) }))
  const steps = below(0)
  const [only] = steps
  const text = entries.map(({ id, parent, detail }) => `${id}\t${parent}\t${detail}`).join('\n')
  return { plan: only && steps.length === 1 ? only : { title: 'Query', steps }, text }
}
