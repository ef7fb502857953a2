import type { PlanStep } from '../../../../shared/contract/queries.ts'
import type { Session } from '../../../dialects/dialect.ts'
import { ask, NotAsked } from './ask.ts'
import { type Fields, fieldsOf, known, listOf, numberOf, textOf } from './json.ts'
import { ofAllLoops } from './loops.ts'
import type { Explained, ToExplain } from './types.ts'

/** MariaDB answers ANALYZE FORMAT=JSON; MySQL, which does not know it, draws its tree with EXPLAIN ANALYZE. */
export async function explainMysql(session: Session, wanted: ToExplain): Promise<Explained> {
  const answer = async (before: string) => {
    const { rows } = await ask(session, before, wanted)
    return rows.map((row) => String(row[0])).join('\n')
  }
  if (!wanted.analyze) return fromJson(await answer('EXPLAIN FORMAT=JSON '))
  try {
    return fromJson(await answer('ANALYZE FORMAT=JSON '))
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error
    const text = await answer('EXPLAIN ANALYZE ')
    return { plan: treeOf(text), text }
  }
}

function fromJson(text: string): Explained {
  const { query_block: block } = fieldsOf(JSON.parse(text))
  const steps = stepsIn(fieldsOf(block))
  const [only] = steps
  // Of a statement that changes rows only the whole is timed.
  const whole = measures(fieldsOf(block))
  return { plan: only && steps.length === 1 ? { ...whole, ...only } : { title: 'Query', ...whole, steps }, text }
}

const wrappers: Record<string, string> = {
  ordering_operation: 'Sort',
  filesort: 'Sort',
  grouping_operation: 'Group',
  duplicates_removal: 'Remove duplicates',
  temporary_table: 'Temporary table',
  buffer_result: 'Buffer',
  union_result: 'Union',
  windowing: 'Window',
  materialized: 'Materialise',
  materialized_from_subquery: 'Materialise',
  query_block: 'Query',
  read_sorted_file: 'Read in order',
  'block-nl-join': 'Join in blocks',
}

/** The steps named in an object, whatever else stands in it. */
function stepsIn(fields: Fields): PlanStep[] {
  return Object.entries(fields).flatMap(([key, value]): PlanStep[] => {
    if (key === 'table') return [tableStep(fieldsOf(value))]
    if (key === 'nested_loop') {
      const steps = listOf(value).flatMap((item) => stepsIn(fieldsOf(item)))
      return steps.length === 1 ? steps : [{ title: 'Nested loop', ...inLast(steps), steps }]
    }
    if (key === 'query_specifications') return listOf(value).flatMap((item) => stepsIn(fieldsOf(item)))
    if (/subqueries$/.test(key)) {
      return listOf(value).map((item) => ({ title: 'Subquery', steps: stepsIn(fieldsOf(item)) }))
    }
    const title = wrappers[key]
    if (title === undefined) return []
    const inner = fieldsOf(value)
    return [{ title, ...measures(inner), steps: stepsIn(inner) }]
  })
}

/** What a join gives is what its last table gives; MySQL adds the costs up. */
const inLast = (steps: readonly PlanStep[]) => {
  const { cost, rows, actualRows, never } = steps.at(-1) ?? {}
  // What was never asked for its rows has given none.
  return known({ cost, rows, actualRows: never ? 0 : actualRows })
}

function tableStep(table: Fields): PlanStep {
  const access = textOf(table.access_type)
  const name = textOf(table.table_name) ?? 'table'
  const key = textOf(table.key)
  const condition = textOf(table.attached_condition) ?? textOf(table.index_condition)
  const ways: Record<string, string> = {
    ALL: 'Full scan',
    index: 'Index scan',
    range: 'Range',
    ref: 'Lookup',
    eq_ref: 'Unique lookup',
    const: 'Constant',
  }
  return {
    title: `${ways[access ?? ''] ?? access ?? 'Read'} on ${name}${key ? ` by ${key}` : ''}`,
    ...(condition && { detail: `Condition: ${condition}` }),
    ...measures(table),
    steps: stepsIn(table),
  }
}

function measures(fields: Fields): Omit<PlanStep, 'title' | 'steps'> {
  const costs = fieldsOf(fields.cost_info)
  const cost =
    numberOf(costs.prefix_cost) ?? numberOf(costs.query_cost) ?? numberOf(costs.sort_cost) ?? numberOf(fields.cost)
  const { never, ...found } = ofAllLoops(numberOf(fields.r_loops), {
    rows: numberOf(fields.rows_produced_per_join) ?? numberOf(fields.rows),
    actualRows: numberOf(fields.r_rows),
    ms: undefined,
  })
  if (never) return { ...known({ cost }), ...found, never }
  // Times are those of all loops already.
  return { ...known({ cost, ms: numberOf(fields.r_total_time_ms) ?? timeOf(fields) }), ...found }
}

function timeOf(fields: Fields): number | undefined {
  const table = numberOf(fields.r_table_time_ms)
  return table === undefined ? undefined : table + (numberOf(fields.r_other_time_ms) ?? 0)
}

/** MySQL's tree: `-> Table scan on t  (cost=1.25 rows=10) (actual time=0.02..0.05 rows=10 loops=1)`, deeper by four spaces. */
function treeOf(text: string): PlanStep {
  const root: PlanStep = { title: 'Query', steps: [] }
  const open: PlanStep[] = [root]
  for (const line of text.split('\n')) {
    const match = /^( *)-> (.*)$/.exec(line)
    if (!match) continue
    const step = lineStep(match[2] ?? '')
    const depth = Math.floor((match[1] ?? '').length / 4) + 1
    open.length = Math.min(open.length, depth)
    open.at(-1)?.steps.push(step)
    open.push(step)
  }
  const [only] = root.steps
  return only && root.steps.length === 1 ? only : root
}

function lineStep(line: string): PlanStep {
  const estimate = /\(cost=([\d.e+]+)(?:\.\.([\d.e+]+))? rows=([\d.e+]+)\)/.exec(line)
  const actual = /\(actual time=[\d.e+]+\.\.([\d.e+]+) rows=([\d.e+]+) loops=(\d+)\)/.exec(line)
  const loops = /\(never executed\)/.test(line) ? 0 : numberOf(actual?.[3])
  return {
    title: line.replace(/\s+\((cost|actual|never).*$/, ''),
    ...known({ cost: numberOf(estimate?.[2] ?? estimate?.[1]) }),
    ...ofAllLoops(loops, {
      rows: numberOf(estimate?.[3]),
      actualRows: numberOf(actual?.[2]),
      ms: numberOf(actual?.[1]),
    }),
    steps: [],
  }
}
