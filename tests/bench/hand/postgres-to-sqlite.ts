import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { to } from 'pg-copy-streams'

/** What somebody would write by hand for this one job: COPY out, split, insert in one transaction. Arguments: Postgres URL, table, SQLite file. */
const [url = '', table = '', file = ''] = process.argv.slice(2)
rmSync(file, { force: true })
const database = new DatabaseSync(file)
database.exec(
  'create table t (id integer, k integer, name text, amount double, at timestamp, note text, qty integer, city text); begin',
)
const insert = database.prepare('insert into t values (?, ?, ?, ?, ?, ?, ?, ?)')
const numbers = new Set([0, 1, 3, 6])
const plain = (text: string) =>
  text.replace(/\\(.)/g, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char)
const value = (text: string, index: number) => {
  if (text === '\\N') return null
  if (numbers.has(index)) return Number(text)
  return text.includes('\\') ? plain(text) : text
}

const client = new pg.Client(url)
await client.connect()
let rest = ''
const decoder = new TextDecoder()
for await (const piece of client.query(to(`copy ${table} to stdout`))) {
  const bytes: Uint8Array = piece
  const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) insert.run(...line.split('\t').map(value))
}
database.exec('commit')
await client.end()
