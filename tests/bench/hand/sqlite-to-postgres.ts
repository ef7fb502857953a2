import { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from } from 'pg-copy-streams'

/** What somebody would write by hand for this one job: read rows, escape them, COPY. Arguments: SQLite file, Postgres URL, table. */
const [file = '', url = '', table = ''] = process.argv.slice(2)
const database = new DatabaseSync(file, { readOnly: true })
const statement = database.prepare('select * from t')
statement.setReturnArrays(true)

const field = (value: unknown) => {
  if (value === null) return '\\N'
  if (typeof value !== 'string') return String(value)
  return /[\\\t\n\r]/.test(value)
    ? value.replace(/[\\\t\n\r]/g, (char) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[char] ?? '')
    : value
}

function* lines() {
  let text = ''
  for (const row of statement.iterate() as Iterable<unknown>) {
    if (!Array.isArray(row)) continue
    text += `${row.map(field).join('\t')}\n`
    if (text.length > 65536) {
      yield text
      text = ''
    }
  }
  yield text
}

const client = new pg.Client(url)
await client.connect()
await client.query(`truncate ${table}`)
await pipeline(Readable.from(lines()), client.query(from(`copy ${table} from stdin`)))
await client.end()
