import type { PlanStep } from '../../../../shared/contract/queries.ts'
import { known } from './json.ts'

/** What databases tell of one loop, as that of all of them. @param loops how often the step was run; undefined when nothing was */
export function ofAllLoops(
  loops: number | undefined,
  { rows, actualRows, ms }: Record<'rows' | 'actualRows' | 'ms', number | undefined>,
): Pick<PlanStep, 'rows' | 'actualRows' | 'ms' | 'never'> {
  if (loops === 0) return { ...known({ rows }), never: true }
  const all = (one: number | undefined) => (one === undefined ? undefined : Math.round(one * (loops ?? 1)))
  return known({ rows: all(rows), actualRows: all(actualRows), ms: ms === undefined ? undefined : ms * (loops ?? 1) })
}
