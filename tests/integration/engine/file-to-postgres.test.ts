import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { type Doc, type World, world } from '../../helpers/engine.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

/**
 * A plain CSV file goes to Postgres as it is. Whatever the file and the table are like, the outcome must be that of the way through
 * the embedded engine, which a transform in between enforces.
 */
let database: FreshDatabase
let w: World
beforeAll(async () => {
  database = await freshDatabase()
  w = await world({ pg: postgres.parseUrl(database.url) })
})
afterAll(async () => {
  await w[Symbol.asyncDispose]()
  await database.drop()
})

interface Case {
  content: string | Uint8Array
  file?: object
  load?: object
  /** Columns of the table, when it is there before. */
  table?: string
  atomic?: 'pipeline'
}

async function outcomeOf({ content, file = {}, load = {}, table, atomic }: Case, through: boolean) {
  await writeFile(join(w.folder, 'rows.csv'), content)
  await database.sql('drop table if exists t')
  if (table !== undefined) await database.sql(`create table t (${table})`)
  const nodes: Doc['nodes'] = {
    rows: { kind: 'file', config: { path: 'rows.csv', ...file } },
    to: {
      kind: 'load',
      config: { connection: 'pg', table: 't', mode: table === undefined ? 'fail' : 'append', ...load },
    },
  }
  if (through) nodes.all = { kind: 'filter', config: { where: 'true' } }
  const edges = through
    ? [
        { from: 'rows', to: 'all' },
        { from: 'all', to: 'to' },
      ]
    : [{ from: 'rows', to: 'to' }]
  const { state, error, nodes: after } = await w.run({ nodes, edges, ...(atomic && { atomic }) })
  const there = (await database.sql("select to_regclass('t') is not null as there"))[0]?.there === true
  const columns = await database.sql(
    "select attname, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = to_regclass('t') and attnum > 0 order by attnum",
  )
  const texts = there ? await database.sql('select t::text as row from t') : []
  const { rowsIn, inserted } = after.to?.counts ?? {}
  return { state, code: error?.code, rowsIn, inserted, columns, rows: texts.map(({ row }) => row) }
}

async function bothWays(one: Case) {
  const straight = await outcomeOf(one, false)
  expect(straight).toEqual(await outcomeOf(one, true))
  return straight
}

const types = 'a,n,f,d,at,ok\n'
const typed =
  '"x, ""y""",007,1.50,2024-02-29,2024-02-29T10:00:00.5,true\n,,,,,\n"",-1,1e3,0001-01-01,9999-12-31 23:59:59,false\n'

describe('a file gives the same rows as through the engine', () => {
  const good: Record<string, Case> = {
    'into a new table': { content: types + typed },
    'into columns of other types': {
      content: types + typed,
      table: 'a text, n text, f numeric, d timestamp, at text, ok text',
    },
    'into narrower columns': { content: 'a,n\nx,7\n', table: 'n smallint, a varchar(5)' },
    'into a table with types of its own choice': {
      content: types + typed,
      load: { types: { f: 'text', n: 'numeric' } },
    },
    'under other names, with a column left to its default': {
      content: 'a,n\nx,7\n',
      load: { columns: { a: 'label' } },
      table: 'id int default 5, n bigint, label text',
    },
    'in one transaction with the pipeline': { content: types + typed, atomic: 'pipeline' },
    'from a header alone': { content: 'a,b\n' },
    'with lines of \\r\\n and blank lines': { content: 'a,n\r\nx,1\r\n\r\n"y\r\nz",2\r\n\r\n' },
    'with a byte order mark': { content: '\ufeffa,n\nx,1\n' },
    'with blank lines between and at the end': { content: 'a,n\nx,1\n\ny,2\n\n\n' },
    'with a number that only the engine reads': { content: `a,f\n${'x,1.5\n'.repeat(50_000)}y,1e400\n` },
    'with what older servers take for the end of the rows': { content: 'a,b\nx,\\.\n"\n\\.\n",y\n\\.,\\N\n' },
  }
  test.each(Object.entries(good))('%s', async (_, one) => {
    expect(await bothWays(one)).toMatchObject({ state: 'completed' })
  })

  test('values arrive as the columns say', async () => {
    const { rows } = await bothWays({ content: types + typed, file: { types: { n: 'int64' } } })
    expect(rows).toEqual([
      '("x, ""y""",7,1.5,2024-02-29,"2024-02-29 10:00:00.5",t)',
      '(,,,,,)',
      '("",-1,1000,0001-01-01,"9999-12-31 23:59:59",f)',
    ])
  })
})

describe('a file fails as through the engine, and nothing is kept', () => {
  const bad: Record<string, Case> = {
    'a fraction among whole numbers': { content: `a,n\n${'x,1\n'.repeat(50_000)}y,2.5\n` },
    'a moment of a zone among others': {
      content: `a,at\n${'x,2024-01-01 00:00:00\n'.repeat(50_000)}y,2024-01-01 00:00:00+02\n`,
    },
    'a word among numbers': { content: `a,n\n${'x,1\n'.repeat(50_000)}y,now\n` },
    'a word that the server takes for a moment': {
      content: `a,at\n${'x,2024-01-01 00:00:00\n'.repeat(50_000)}y,now\n`,
    },
    'a day that the server reads in another order': {
      content: `a,d\n${'x,2024-01-01\n'.repeat(50_000)}y,01/02/2024\n`,
    },
    'a day that is not there': { content: `a,d\n${'x,2024-01-01\n'.repeat(50_000)}y,2023-02-29\n` },
    'a row that is too short': { content: `a,n\n${'x,1\n'.repeat(50_000)}y\n` },
    'bytes that are no text': {
      content: Buffer.concat([
        Buffer.from(`a,n\n${'x,1\n'.repeat(50_000)}`),
        Buffer.from([0xc3, 0x28, 0x2c, 0x31, 0x0a]),
      ]),
    },
    'a number too large for its column': { content: 'a,n\nx,70000\n', table: 'a text, n smallint' },
    'a row that the table refuses': { content: 'a,n\nx,1\ny,1\n', table: 'a text, n bigint primary key' },
    'a column that the table lacks': { content: 'a,n\nx,1\n', table: 'a text' },
  }
  test.each(Object.entries(bad))('%s', async (_, one) => {
    expect(await bothWays(one)).toMatchObject({ state: 'failed', rows: [] })
  })

  test('the line is named, as the engine names it', async () => {
    await writeFile(join(w.folder, 'rows.csv'), `a,n\n${'x,1\n'.repeat(50_000)}y,now\n`)
    await database.sql('drop table if exists t')
    const { error } = await w.run({
      nodes: {
        rows: { kind: 'file', config: { path: 'rows.csv' } },
        to: { kind: 'load', config: { connection: 'pg', table: 't', mode: 'fail' } },
      },
      edges: [{ from: 'rows', to: 'to' }],
    })
    expect(error).toMatchObject({
      code: 'FILE_FORMAT',
      message: expect.stringContaining('line 50002'),
      at: { node: 'rows' },
    })
  })
})
