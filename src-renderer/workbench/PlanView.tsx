import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { PlanStep } from '../../shared/contract/queries.ts'
import { formatCount, formatDuration } from '../ui/format.ts'
import classes from './PlanView.module.css'
import { flatten, type Measure, measureOf, type PlanRow } from './plan.ts'
import type { ShownPlan } from './runs.ts'
import shared from './workbench.module.css'

/** How the database goes about a statement: steps as a tree, bars by what each costs by itself, the most expensive one marked. */
export function PlanView({ shown }: { shown: ShownPlan }) {
  const [look, setLook] = useState<'picture' | 'text'>('picture')
  const measure = measureOf(shown.plan)
  return (
    <div className={classes.plan}>
      <div className={classes.planHead}>
        <SegmentedControl
          size="xs"
          aria-label="Plan as"
          value={look}
          onChange={(value) => setLook(value === 'text' ? 'text' : 'picture')}
          data={[
            { value: 'picture', label: 'Picture' },
            { value: 'text', label: 'As the database gave it' },
          ]}
        />
        <span className={shared.dim}>{headWords(shown.plan, shown.analyzed, measure)}</span>
      </div>
      {look === 'text' ? (
        <pre className={classes.planText}>{shown.text}</pre>
      ) : (
        <Picture plan={shown.plan} measure={measure} />
      )}
    </div>
  )
}

function Picture({ plan, measure }: { plan: PlanStep; measure: Measure | undefined }) {
  const rows = flatten(plan, measure)
  const counted = rows.some(({ step }) => step.rows !== undefined || step.actualRows !== undefined)
  return (
    <table className={classes.planTable} aria-label="Plan">
      <thead>
        <tr>
          <th scope="col">Step</th>
          {measure ? (
            <th scope="col" className={classes.planBarHead}>
              {measure === 'ms' ? 'Own time' : 'Own cost'}
            </th>
          ) : (
            <td className={classes.planBarHead} />
          )}
          {counted && (
            <th scope="col" className={classes.planNumber}>
              Rows expected
            </th>
          )}
          {counted && (
            <th scope="col" className={classes.planNumber}>
              Rows found
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Step key={row.path} row={row} measure={measure} counted={counted} />
        ))}
      </tbody>
    </table>
  )
}

function Step({ row, measure, counted }: { row: PlanRow; measure: Measure | undefined; counted: boolean }) {
  const { step, depth, own, share, worst } = row
  const { rows, actualRows } = step
  const off = rows !== undefined && actualRows !== undefined && misjudged(rows, actualRows)
  return (
    <tr data-worst={worst || undefined}>
      <th scope="row" className={classes.planStep} style={{ paddingInlineStart: 12 + depth * 20 }}>
        <span className={classes.planTitle}>
          {step.title}
          {worst && <span className={classes.badge}>most expensive</span>}
        </span>
        {step.detail !== undefined && <span className={classes.planDetail}>{step.detail}</span>}
      </th>
      <td>
        {own !== undefined && (
          <span className={classes.planBarCell}>
            <span className={classes.planBar} style={{ width: `${Math.max(1, share * 100)}%` }} aria-hidden />
            <span className={classes.planOwn}>{measure === 'ms' ? timeText(own) : formatCount(own)}</span>
          </span>
        )}
      </td>
      {counted && <td className={classes.planNumber}>{rows === undefined ? '' : formatCount(rows)}</td>}
      {counted && (
        <td className={classes.planNumber}>
          {step.never && <span className={shared.dim}>never run</span>}
          {actualRows === undefined ? '' : formatCount(actualRows)}
          {off && <span className={classes.badge}>misjudged</span>}
        </td>
      )}
    </tr>
  )
}

/** Steps often take less than a millisecond. */
const timeText = (ms: number) => (ms < 10 ? `${ms.toFixed(2)} ms` : formatDuration(ms))

/** Ten times more or fewer than expected. */
const misjudged = (expected: number, found: number) =>
  Math.max(expected, found) > 10 * Math.max(1, Math.min(expected, found))

function headWords(plan: PlanStep, analyzed: boolean, measure: Measure | undefined): string {
  if (analyzed && plan.ms !== undefined) return `Ran in ${timeText(plan.ms)}.`
  if (measure === 'cost' && plan.cost !== undefined) return `Estimated cost ${formatCount(plan.cost)}. Nothing was run.`
  return analyzed ? 'The statement was run.' : 'Nothing was run.'
}
