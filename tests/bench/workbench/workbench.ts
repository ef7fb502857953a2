import { provisionMariaDb } from '../../helpers/mariadb.ts'
import { makeSource } from '../data.ts'
import { type Measured, median, percentile } from '../measure.ts'
import { measureExport } from './export.ts'
import { measureFirstRows } from './first-rows.ts'
import { measureHistory } from './history.ts'
import type { Subject } from './served.ts'
import { measureStopping } from './stop.ts'
import { measureTableSearch } from './table-search.ts'
import { fillMariaDb, fillPostgres } from './tables.ts'
import { measureVolume } from './volume.ts'

export interface WorkbenchOptions {
  folder: string
  postgresUrl: string
  rows: number
  rounds: number
  wanted(name: string): boolean
  /** Runs a command line of a shell, where `psql` is installed. */
  shell: ((command: string) => Promise<Measured>) | undefined
}

interface Line {
  name: string
  ours: string
  baseline: string
  ratio: string
  note: string
}

/** The query workbench as a page uses it, over `sluice serve`, on each database; lines are given as they are measured. */
export async function* measureWorkbench(options: WorkbenchOptions): AsyncGenerator<Line> {
  const { folder, postgresUrl, rows, rounds, wanted } = options
  const mariadb = await provisionMariaDb()
  try {
    const file = `${folder}/source-${rows}.db`
    makeSource(file, rows)
    await fillPostgres(postgresUrl, rows)
    const subjects: Subject[] = [
      { name: 'SQLite', url: `sqlite:${file}` },
      { name: 'Postgres', url: postgresUrl },
    ]
    if ('missing' in mariadb) process.stdout.write(`${mariadb.missing}\n`)
    else subjects.push({ name: 'MariaDB', url: await fillMariaDb(mariadb.adminUrl, rows) })
    for (const subject of subjects) {
      if (wanted('workbench first rows')) yield* firstRows(subject, rounds)
      if (wanted('workbench stop')) yield stopping(subject.name, await measureStopping(subject, rounds))
      if (wanted('workbench volume')) yield* volume(subject, rows)
    }
    if (wanted('workbench history')) yield history(await measureHistory(10_000))
    if (wanted('workbench tables')) yield tableSearch(await measureTableSearch(5_000))
    if (wanted('workbench export')) yield* exporting(options)
  } finally {
    if (!('missing' in mariadb)) await mariadb.stop()
  }
}

async function* firstRows(subject: Subject, rounds: number): AsyncGenerator<Line> {
  const { api, screen } = await measureFirstRows(subject, rounds)
  const line = (where: string, times: number[]): Line => ({
    name: `workbench first rows, ${subject.name}, ${where}`,
    ours: `${Math.round(median(times))} ms (≤ 200)`,
    baseline: `at most ${Math.round(Math.max(...times))} ms`,
    ratio: '',
    note: 'after the database made them',
  })
  yield line('answered', api)
  yield line('in the grid', screen)
}

const stopping = (subject: string, { times, left }: { times: number[]; left: number }): Line => ({
  name: `workbench stop, ${subject}`,
  ours: `${Math.round(median(times))} ms (≤ 1000)`,
  baseline: `at most ${Math.round(Math.max(...times))} ms`,
  ratio: '',
  note: `${left} statements left running`,
})

async function* volume(subject: Subject, rows: number): AsyncGenerator<Line> {
  for (const { step, ms, peakMb } of await measureVolume(subject, rows)) {
    yield {
      name: `workbench volume, ${subject.name}, ${rows.toLocaleString('en-US')} rows: ${step}`,
      ours: `${Math.round(peakMb)} MB (≤ 600)`,
      baseline: '',
      ratio: '',
      note: `${(ms / 1000).toFixed(2)} s`,
    }
  }
}

const history = (times: number[]): Line => ({
  name: 'workbench history, search in 10,000 statements',
  ours: `p95 ${percentile(times, 0.95).toFixed(0)} ms (≤ 50)`,
  baseline: `median ${median(times).toFixed(0)} ms`,
  ratio: '',
  note: '',
})

const tableSearch = (times: number[]): Line => ({
  name: 'workbench tables, search in 5,000 of them, until it is seen',
  ours: `p95 ${percentile(times, 0.95).toFixed(0)} ms (≤ 50)`,
  baseline: `median ${median(times).toFixed(0)} ms`,
  ratio: '',
  note: '',
})

async function* exporting({ shell, rounds, rows, postgresUrl }: WorkbenchOptions): AsyncGenerator<Line> {
  if (!shell) return
  const count = Math.min(rows, 1_000_000)
  const sql = `select * from t where id < ${count}`
  const copy = (file: string) => shell(`psql -q "${postgresUrl}" -c "\\copy (${sql}) to ${file} csv header"`)
  const times = await measureExport({ name: 'Postgres', url: postgresUrl }, sql, copy, rounds)
  const line = (what: string, ms: number): Line => ({
    name: `workbench export of ${count.toLocaleString('en-US')} rows to CSV, ${what}`,
    ours: `${(ms / 1000).toFixed(2)} s`,
    baseline: `psql \\copy ${(times.theirs / 1000).toFixed(2)} s`,
    ratio: `${(ms / times.theirs).toFixed(2)} (≤ 1.5)`,
    note: '',
  })
  yield line('from Export', times.exported)
  yield line('run and export', times.whole)
}
