import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorkspace } from '../../../src-main/services/workspace.ts'
import { serveIn } from './served.ts'

const words = ['orders', 'customers', 'invoices', 'payments', 'stock', 'returns', 'carriers', 'regions']

/** Milliseconds of each search in a history of so many statements, as it is typed letter by letter. */
export async function measureHistory(entries: number): Promise<number[]> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-bench-history-'))
  try {
    await fill(home, entries)
    await using served = await serveIn(home)
    const { api } = served.client
    await api.queries.history({})
    const times: number[] = []
    for (const text of ['payments region', 'customers 4711', 'nothing like this', 'SELECT amount']) {
      for (let length = 1; length <= text.length; length++) {
        const started = performance.now()
        await api.queries.history({ search: text.slice(0, length) })
        times.push(performance.now() - started)
      }
    }
    return times
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** Statements of some 700 characters. */
async function fill(home: string, entries: number): Promise<void> {
  const workspace = openWorkspace({ env: {}, home })
  try {
    for (let at = 0; at < entries; at++) {
      const table = words[at % words.length]
      const joins = words.map((word, index) => `join ${word}_${at % (index + 3)} on ${word}_id = ${table}.${word}_id`)
      await workspace.queries.add({
        id: `entry-${at}`,
        connection: at % 3 === 0 ? 'warehouse' : 'shop',
        sql: `select ${table}.id, amount, note from ${table}\n  ${joins.join('\n  ')}\nwhere ${table}.id = ${at}`,
        at: new Date(1_700_000_000_000 + at * 1000).toISOString(),
        ms: at % 900,
        rows: at,
        affected: null,
        state: 'done',
        error: null,
      })
    }
  } finally {
    await workspace.close()
  }
}
