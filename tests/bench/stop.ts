import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { adminQuery } from '../helpers/postgres.ts'
import { median } from './measure.ts'

/** Time from Ctrl-C to the end of the process, while a query sleeps at the server. */
export async function measureStop(cli: string, folder: string, url: string, rounds: number) {
  const file = join(folder, 'stop.pipeline.json')
  const node = { kind: 'query', config: { connection: 'pg', sql: 'select pg_sleep(600)::text as s' } }
  await writeFile(
    file,
    JSON.stringify({ sluice: 1, name: 'stop', parameters: [], nodes: { q: node }, edges: [], layout: {} }),
  )
  const sleeping = () =>
    adminQuery(
      url,
      "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(600)%' and pid <> pg_backend_pid()",
    )
  const times: number[] = []
  let left = 0
  for (let round = 0; round < rounds; round++) {
    const child = spawn(process.execPath, [cli, 'run', file, '--json', '--connection', `pg=${url}`], {
      stdio: 'ignore',
      env: { ...process.env, SLUICE_HOME: join(folder, 'home') },
    })
    const closed = new Promise((resolve) => child.on('close', resolve))
    while ((await sleeping()).length === 0) await new Promise((resolve) => setImmediate(resolve))
    const stopped = performance.now()
    child.kill('SIGINT')
    await closed
    times.push(performance.now() - stopped)
    left += (await sleeping()).length
  }
  return {
    name: 'Stop during pg_sleep',
    ours: `${Math.round(median(times))} ms (≤ 1000)`,
    baseline: `${left} queries left running`,
    ratio: '',
    note: '',
  }
}
