import { expect, test } from 'vitest'
import type { Session } from '../../../src-main/dialects/dialect.ts'
import { explainMysql } from '../../../src-main/services/queries/explain/mysql.ts'
import { explainPostgres } from '../../../src-main/services/queries/explain/postgres.ts'

/** A session whose every answer is this text. */
const answering = (text: string) => ({ execute: async () => ({ rows: [[text]] }) }) as unknown as Session
const asked = { sql: 'select 1', from: 0, params: {}, analyze: true }

test('Postgres: loops are added up, those of processes side by side are not; what was not needed is told', async () => {
  const scan = { 'Node Type': 'Seq Scan', 'Relation Name': 't', 'Plan Rows': 50, 'Actual Rows': 40 }
  const plan = {
    'Node Type': 'Nested Loop',
    'Plan Rows': 1000,
    'Actual Rows': 900,
    'Actual Loops': 1,
    'Actual Total Time': 30,
    Plans: [
      { ...scan, 'Subplan Name': 'CTE c', 'Actual Loops': 0, 'Actual Rows': 0, 'Actual Total Time': 0 },
      {
        'Node Type': 'Gather',
        'Workers Launched': 1,
        'Plan Rows': 100,
        'Actual Rows': 80,
        'Actual Loops': 1,
        'Actual Total Time': 12,
        Plans: [{ ...scan, 'Actual Loops': 2, 'Actual Total Time': 10 }],
      },
      { 'Node Type': 'Index Scan', 'Plan Rows': 10, 'Actual Rows': 9, 'Actual Loops': 100, 'Actual Total Time': 0.1 },
    ],
  }
  const found = await explainPostgres(answering(JSON.stringify([{ Plan: plan }])), asked)
  expect(found.plan).toMatchObject({ rows: 1000, actualRows: 900, ms: 30 })
  expect(found.plan.steps).toEqual([
    { title: 'CTE c: Seq Scan on t', rows: 50, never: true, steps: [] },
    {
      title: 'Gather',
      rows: 100,
      actualRows: 80,
      ms: 12,
      steps: [{ title: 'Seq Scan on t', rows: 100, actualRows: 80, ms: 10, steps: [] }],
    },
    { title: 'Index Scan', rows: 1000, actualRows: 900, ms: 10, steps: [] },
  ])
})

test('MariaDB: what is expected of one loop is expected of each', async () => {
  const table = (name: string, more: object) => ({ table: { table_name: name, access_type: 'ref', ...more } })
  const block = {
    nested_loop: [
      table('a', { rows: 10, r_rows: 8, r_loops: 1, r_table_time_ms: 1 }),
      table('b', { rows: 3, r_rows: 2.5, r_loops: 8, r_table_time_ms: 4 }),
      table('c', { rows: 5, r_loops: 0 }),
    ],
  }
  const { plan } = await explainMysql(answering(JSON.stringify({ query_block: block })), asked)
  expect(plan.steps).toEqual([
    { title: 'Lookup on a', rows: 10, actualRows: 8, ms: 1, steps: [] },
    { title: 'Lookup on b', rows: 24, actualRows: 20, ms: 4, steps: [] },
    { title: 'Lookup on c', rows: 5, never: true, steps: [] },
  ])
})
