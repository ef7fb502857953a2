import { mariadbQuery } from '../../helpers/mariadb.ts'
import { adminQuery } from '../../helpers/postgres.ts'
import { cpuTime, treeMemory } from '../memory.ts'
import { type Served, type Subject, serveSubjects } from './served.ts'

/** Statements that never end: one that gives nothing, one that gives rows without end. */
const endless = {
  Postgres: ['select pg_sleep(600)', 'select a.* from t a, t b'],
  MariaDB: ['select sleep(600)', 'select a.* from t a, t b'],
  SQLite: [
    'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
    'select a.* from t a, t b',
  ],
} satisfies Record<Subject['name'], string[]>

/** Milliseconds from Stop to its answer, and statements that run after it, on each database. */
export async function measureStopping(subject: Subject, rounds: number): Promise<{ times: number[]; left: number }> {
  await using served = await serveSubjects([subject])
  const times: number[] = []
  let left = 0
  for (let round = 0; round < rounds; round++) {
    for (const sql of endless[subject.name]) {
      const begun = Promise.withResolvers<void>()
      const ended = served
        .run(subject.name, sql, ({ type }) => {
          if (type === 'statement') begun.resolve()
        })
        .catch(() => undefined)
      await begun.promise
      while (!(await isRunning(served, subject, sql))) await pause()
      const stopped = performance.now()
      await served.stop()
      times.push(performance.now() - stopped)
      if (await isRunning(served, subject, sql)) left++
      await ended
    }
  }
  return { times, left }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20))

async function isRunning({ server }: Served, { name, url }: Subject, sql: string): Promise<boolean> {
  if (name === 'SQLite') return areLanesBusy(server.pid)
  const part = sql.includes('sleep') ? 'sleep(600)' : 't a, t b'
  if (name === 'Postgres') {
    const found = `select 1 from pg_stat_activity where state = 'active' and position($1 in query) > 0 and pid <> pg_backend_pid()`
    return (await adminQuery(url, found, [part])).length > 0
  }
  const found = `select 1 from information_schema.processlist where instr(info, ?) > 0 and id <> connection_id()`
  return (await mariadbQuery(url, found, [part])).length > 0
}

/** Whether a process that reads SQLite works: it takes processor time. */
async function areLanesBusy(root: number): Promise<boolean> {
  const lanes = treeMemory(root).filter(({ script }) => script === 'sqlite-lane.js')
  const before = lanes.map(({ pid }) => cpuTime(pid))
  await new Promise((resolve) => setTimeout(resolve, 100))
  return lanes.some(({ pid }, index) => cpuTime(pid) > (before[index] ?? 0) + 2)
}
