import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export const tableColumns =
  'id bigint, k bigint, name text, amount double precision, at timestamp, note text, qty bigint, city text'
const cities = ['Zürich', 'São Paulo', 'New York', '東京', 'Berlin', 'Cairo']

/** Rows of 8 columns: two integers, two texts, a double, a timestamp, a text with NULLs and quotes, an integer. */
export function makeSource(path: string, rows: number): void {
  if (existsSync(path)) return
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = off; pragma synchronous = off')
  database.exec(
    'create table t (id integer primary key, k integer, name text, amount double, at timestamp, note text, qty integer, city text)',
  )
  database.exec('create table dim (k integer primary key, label text)')
  const dim = database.prepare('insert into dim values (?, ?)')
  const row = database.prepare('insert into t values (?, ?, ?, ?, ?, ?, ?, ?)')
  database.exec('begin')
  for (let k = 0; k < 1000; k++) dim.run(k, `group ${k % 50}`)
  for (let id = 0; id < rows; id++) {
    const at = new Date(1.6e12 + id * 1000).toISOString().replace('T', ' ').replace('Z', '')
    const note = id % 5 === 0 ? null : `note ${id}${id % 50 === 0 ? ', "quoted"' : ''}`
    row.run(
      id,
      (id * 7919) % 1000,
      `customer ${id % 50000}`,
      ((id * 37) % 100000) / 100,
      at,
      note,
      id % 97,
      cities[id % 6] ?? '',
    )
  }
  database.exec('commit')
  database.close()
}
