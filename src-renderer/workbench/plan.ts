import type { PlanStep } from '../../shared/contract/queries.ts'

/** What the widths of a plan's bars mean. */
export type Measure = 'ms' | 'cost'

export interface PlanRow {
  step: PlanStep
  depth: number
  /** Places of the step and those above it; tells it apart. */
  path: string
  /** Of the measure, without what is below it. */
  own: number | undefined
  /** Its part of the largest, 0 to 1. */
  share: number
  worst: boolean
}

/** Time where it was run, else cost; undefined where the database tells neither. */
export function measureOf(plan: PlanStep): Measure | undefined {
  if (some(plan, 'ms')) return 'ms'
  return some(plan, 'cost') ? 'cost' : undefined
}

const some = (step: PlanStep, measure: Measure): boolean =>
  step[measure] !== undefined || step.steps.some((below) => some(below, measure))

/** Steps in the order they are read, each with what it costs by itself. */
export function flatten(plan: PlanStep, measure: Measure | undefined): PlanRow[] {
  const rows: PlanRow[] = []
  const walk = (step: PlanStep, depth: number, path: string) => {
    rows.push({ step, depth, path, own: measure && ownOf(step, measure), share: 0, worst: false })
    for (const [index, below] of step.steps.entries()) walk(below, depth + 1, `${path}.${index}`)
  }
  walk(plan, 0, '0')
  const largest = Math.max(0, ...rows.map(({ own }) => own ?? 0))
  if (largest === 0) return rows
  const worst = rows.length > 1 ? rows.findIndex(({ own }) => own === largest) : -1
  return rows.map((row, index) => ({ ...row, share: (row.own ?? 0) / largest, worst: index === worst }))
}

function ownOf(step: PlanStep, measure: Measure): number | undefined {
  const whole = step[measure]
  if (whole === undefined) return undefined
  const below = step.steps.reduce((sum, { [measure]: part = 0 }) => sum + part, 0)
  return Math.max(0, whole - below)
}
