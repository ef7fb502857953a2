import type { PlanStep } from '../../../../shared/contract/queries.ts'
import type { Session } from '../../../dialects/dialect.ts'
import { ask } from './ask.ts'
import { type Fields, fieldsOf, known, listOf, numberOf, textOf } from './json.ts'
import { ofAllLoops } from './loops.ts'
import type { Explained, ToExplain } from './types.ts'

export async function explainPostgres(session: Session, wanted: ToExplain): Promise<Explained> {
  const options = wanted.analyze ? 'FORMAT JSON, ANALYZE, BUFFERS' : 'FORMAT JSON'
  const { rows } = await ask(session, `EXPLAIN (${options}) `, wanted)
  const text = rows.map(([cell]) => String(cell)).join('\n')
  const [first] = listOf(JSON.parse(text))
  return { plan: stepOf(fieldsOf(fieldsOf(first).Plan)), text }
}

/** @param processes that run the step side by side: their times are not one after the other */
function stepOf(node: Fields, processes = 1): PlanStep {
  const loops = numberOf(node['Actual Loops'])
  const time = numberOf(node['Actual Total Time'])
  const below = processes + (numberOf(node['Workers Launched']) ?? 0)
  return {
    title: titleOf(node),
    ...known({
      detail: detailOf(node) || undefined,
      cost: numberOf(node['Total Cost']),
    }),
    ...ofAllLoops(loops, {
      rows: numberOf(node['Plan Rows']),
      actualRows: numberOf(node['Actual Rows']),
      ms: time === undefined ? undefined : time / processes,
    }),
    steps: listOf(node.Plans).map((plan) => stepOf(fieldsOf(plan), below)),
  }
}

function titleOf(node: Fields): string {
  const type = textOf(node['Node Type']) ?? 'Step'
  const operation = textOf(node.Operation)
  const join = textOf(node['Join Type'])
  const name = operation ?? (join && join !== 'Inner' ? `${type} (${join.toLowerCase()})` : type)
  const relation = textOf(node['Relation Name']) ?? textOf(node['CTE Name']) ?? textOf(node['Function Name'])
  const index = textOf(node['Index Name'])
  const title = [name, relation && `on ${relation}`, index && `by ${index}`].filter(Boolean).join(' ')
  // `CTE c`, `InitPlan 1`: what the rest of the plan calls it.
  const called = textOf(node['Subplan Name'])
  return called === undefined ? title : `${called}: ${title}`
}

const details = [
  'Index Cond',
  'Recheck Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Filter',
  'Sort Key',
  'Group Key',
  'Rows Removed by Filter',
]

const detailOf = (node: Fields) =>
  details.flatMap((name) => (textOf(node[name]) === undefined ? [] : [`${name}: ${textOf(node[name])}`])).join('\n')
