import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { closeBrowser } from '../helpers/app.ts'
import { electronBinary } from '../helpers/electron.ts'
import { adminQuery, provisionPostgres } from '../helpers/postgres.ts'
import * as cases from './cases.ts'
import { makeSource, tableColumns } from './data.ts'
import { measureLaunch } from './launch.ts'
import { compare, type Measured, measure, median } from './measure.ts'
import { measureStart } from './start.ts'
import { measureStop } from './stop.ts'
import { measureWindows } from './windows.ts'
import { measureWorkbench } from './workbench/workbench.ts'

/**
 * Prints ratios against what people use today, measured in the same run on the same machine. Figures of two runs or two
 * machines do not compare; ratios roughly do.
 */
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    /** Only benches whose name contains this. */
    only: { type: 'string', default: '' },
    /** Also ten times the rows, for memory. */
    big: { type: 'boolean', default: false },
    /** Where data is kept between runs. */
    folder: { type: 'string' },
  },
})
const rows = Number(options.rows)
const rounds = Number(options.rounds)

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const cli = here('../../dist/main/cli.js')
const has = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
const hasTools = has('psql') && has('sqlite3')

interface Line {
  name: string
  ours: string
  baseline: string
  ratio: string
  note: string
}
const lines: Line[] = []
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`

async function main(): Promise<void> {
  if (!existsSync(cli)) throw new Error('Build first: npm run build')
  const server = await provisionPostgres()
  if ('missing' in server) throw new Error(server.missing)
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'sluice-bench-')))
  await mkdir(folder, { recursive: true })
  try {
    await run(folder, server.url)
  } finally {
    await closeBrowser()
    await server.stop()
    if (!options.folder) await rm(folder, { recursive: true, force: true })
  }
}

async function run(folder: string, url: string): Promise<void> {
  const path = (name: string) => join(folder, name)
  const [version] = await adminQuery(url, 'show server_version')
  process.stdout.write(
    `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, Postgres ${version?.server_version}, ${rows.toLocaleString('en-US')} rows × 8 columns, ${rounds} rounds\n\n`,
  )
  const source = path(`source-${rows}.db`)
  makeSource(source, rows)
  for (const table of ['t_read', 't_ours', 't_theirs', 't_csv']) {
    await adminQuery(url, `drop table if exists ${table}`)
    await adminQuery(url, `create table ${table} (${tableColumns})`)
  }
  const sluice = async (name: string, pipeline: object, lite = source): Promise<Measured> => {
    await writeFile(path(`${name}.pipeline.json`), JSON.stringify(pipeline))
    const connections = [
      '--connection',
      `lite=sqlite:${lite}`,
      '--connection',
      `out=sqlite:${path('out.db')}`,
      '--connection',
      `pg=${url}`,
    ]
    return measure([process.execPath, cli, 'run', path(`${name}.pipeline.json`), ...connections, '--json'], {
      SLUICE_HOME: path('home'),
    })
  }
  const shell = (command: string) => measure(['sh', '-c', command])
  const hand = (script: string, ...args: string[]) => measure([process.execPath, here(`./hand/${script}`), ...args])
  const wanted = (name: string) => name.includes(options.only)
  const psql = `psql -q "${url}"`
  await shell(`${process.execPath} ${here('./hand/sqlite-to-postgres.ts')} ${source} "${url}" t_read`)
  const csv = path('rows.csv')

  const against = async (
    name: string,
    ours: () => Promise<Measured>,
    baseline: string,
    theirs: () => Promise<Measured>,
    limit: number,
  ) => {
    if (!wanted(name)) return
    const result = await compare(ours, theirs, rounds)
    lines.push({
      name,
      ours: seconds(result.oursMs),
      baseline: `${baseline} ${seconds(result.theirsMs)}`,
      ratio: `${result.ratio.toFixed(2)} (≤ ${limit})`,
      note: `peak ${Math.round(result.peakMb)} MB`,
    })
    print(lines.at(-1))
  }

  const toPostgres = () => sluice('sqlite-postgres', cases.copySqliteToPostgres)
  if (hasTools) {
    const copy = `sqlite3 -csv ${source} 'select * from t' | ${psql} -c 'truncate t_theirs' -c '\\copy t_theirs from stdin csv'`
    await against('SQLite → Postgres', toPostgres, 'sqlite3 | psql \\copy', () => shell(copy), 1.25)
    await shell(`${psql} -c '\\copy t_read to ${csv} csv header'`)
    const load = `${psql} -c 'truncate t_theirs' -c '\\copy t_theirs from ${csv} csv header'`
    await against(
      'CSV → Postgres',
      () => sluice('csv-postgres', cases.csvToPostgres(csv)),
      'psql \\copy',
      () => shell(load),
      1.5,
    )
    const save = `${psql} -c '\\copy t_read to ${path('theirs.csv')} csv'`
    await against(
      'Postgres → Parquet',
      () => sluice('postgres-parquet', cases.postgresToParquet(path('ours.parquet'))),
      'psql \\copy',
      () => shell(save),
      1.5,
    )
  } else {
    await against(
      'SQLite → Postgres',
      toPostgres,
      'by hand',
      () => hand('sqlite-to-postgres.ts', source, url, 't_theirs'),
      1.1,
    )
    process.stdout.write('psql and sqlite3 are not installed: comparisons with them are left out.\n')
  }
  await against(
    'Postgres → SQLite',
    () => sluice('postgres-sqlite', cases.copyPostgresToSqlite),
    'by hand',
    () => hand('postgres-to-sqlite.ts', url, 't_read', path('theirs.db')),
    1.3,
  )
  await aggregateAgainstPandas(source, url, () => sluice('aggregate', cases.aggregate))
  if (options.big)
    await memory(path(`source-${rows * 10}.db`), (lite) => sluice('big', cases.copySqliteToPostgres, lite), toPostgres)
  if (wanted('start')) lines.push(await measureStart(cli, folder, rounds * 3))
  if (wanted('launch')) {
    lines.push(await measureLaunch(rounds, false))
    if (electronBinary() !== undefined) lines.push(await measureLaunch(rounds, true))
  }
  if (wanted('stop')) lines.push(await measureStop(cli, folder, url, rounds))
  if (wanted('window')) lines.push(...(await measureWindows(folder, 10_000_000)))
  if (options.only.startsWith('workbench')) {
    const workbench = { folder, postgresUrl: url, rows: options.big ? rows * 10 : rows, rounds, wanted }
    for await (const line of measureWorkbench({ ...workbench, shell: hasTools ? shell : undefined })) {
      lines.push(line)
      print(line)
    }
  }
  process.stdout.write(`\n| job | Sluice | baseline | ratio | |\n|---|---|---|---|---|\n`)
  for (const line of lines)
    process.stdout.write(`| ${line.name} | ${line.ours} | ${line.baseline} | ${line.ratio} | ${line.note} |\n`)
}

function print(line: Line | undefined): void {
  if (line) process.stdout.write(`${line.name}: ${line.ours}, ${line.baseline}, ratio ${line.ratio}, ${line.note}\n`)
}

async function aggregateAgainstPandas(source: string, url: string, ours: () => Promise<Measured>): Promise<void> {
  if (!'SQLite → filter, join, aggregate → Postgres'.includes(options.only)) return
  const python = '/usr/bin/python3'
  const pandas = spawnSync(python, ['-c', 'import pandas, sqlalchemy, psycopg2']).status === 0
  const mine: Measured[] = []
  const theirs: Measured[] = []
  for (let round = 0; round <= rounds; round++) {
    mine.push(await ours())
    if (pandas) theirs.push(await measure([python, here('./hand/aggregate.py'), source, url]))
  }
  const time = median(mine.slice(1).map(({ ms }) => ms))
  const other = median(theirs.slice(1).map(({ ms }) => ms))
  lines.push({
    name: 'SQLite → filter, join, aggregate → Postgres',
    ours: seconds(time),
    baseline: pandas ? `pandas ${seconds(other)}` : 'python3-pandas is not installed',
    ratio: pandas ? `${(time / other).toFixed(2)} (≤ 0.38)` : '',
    note: `peak ${Math.round(Math.max(...mine.map(({ peakMb }) => peakMb)))} MB`,
  })
  print(lines.at(-1))
}

async function memory(
  big: string,
  copyBig: (lite: string) => Promise<Measured>,
  copy: () => Promise<Measured>,
): Promise<void> {
  makeSource(big, rows * 10)
  const small = await copy()
  const large = await copyBig(big)
  lines.push({
    name: `memory of SQLite → Postgres, ${(rows * 10).toLocaleString('en-US')} rows`,
    ours: `${Math.round(large.peakMb)} MB (≤ 350)`,
    baseline: `${rows.toLocaleString('en-US')} rows ${Math.round(small.peakMb)} MB`,
    ratio: `${(large.peakMb / small.peakMb).toFixed(2)} (≤ 1.3)`,
    note: seconds(large.ms),
  })
  print(lines.at(-1))
}

await main()
