import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CliSandbox } from '../helpers/cli.ts'
import { json, serve } from '../helpers/http-server.ts'

// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

/** Rows that an inspection kept stand in for running a node again only while what they were made from is the same. */
let cli: CliSandbox

beforeEach(async () => {
  cli = await CliSandbox.create()
})
afterEach(() => cli.remove())

const inspect = (file = 'p.pipeline.json') => ['run', file, '--mode', 'inspect']
const rowsOf = (stdout: string) => stdout.trim().split('\n').slice(2, -1)

test('a file that was written, replaced or moved here is read again', async () => {
  await cli.file('p.pipeline.json', fromFile('a.csv'))
  await writeFile(cli.path('a.csv'), 'v\n1\n')
  await writeFile(cli.path('older.csv'), 'v\n3\n')
  await cli.run(inspect())
  await writeFile(cli.path('a.csv'), 'v\n2\n')
  expect(rowsOf((await cli.run(inspect())).stdout)).toEqual(['2'])
  await rename(cli.path('older.csv'), cli.path('a.csv'))
  expect(rowsOf((await cli.run(inspect())).stdout)).toEqual(['3'])
  expect((await cli.run(inspect())).stderr).toContain('kept from an earlier run')
})

test('files that come to a pattern or leave it are noticed', async () => {
  await cli.file('p.pipeline.json', fromFile('in/*.csv'))
  await mkdir(cli.path('in'))
  await writeFile(cli.path('in/a.csv'), 'v\n1\n')
  await cli.run(inspect())
  await writeFile(cli.path('in/b.csv'), 'v\n2\n')
  expect(rowsOf((await cli.run(inspect())).stdout).sort()).toEqual(['1', '2'])
  await rm(cli.path('in/a.csv'))
  expect(rowsOf((await cli.run(inspect())).stdout)).toEqual(['2'])
})

test('the same pipeline in another folder has rows of its own', async () => {
  for (const [folder, value] of [
    ['one', 1],
    ['two', 2],
  ] as const) {
    await mkdir(cli.path(folder))
    await cli.file(`${folder}/p.pipeline.json`, fromFile('a.csv'))
    await writeFile(cli.path(`${folder}/a.csv`), `v\n${value}\n`)
  }
  expect(rowsOf((await cli.run(inspect('one/p.pipeline.json'))).stdout)).toEqual(['1'])
  expect(rowsOf((await cli.run(inspect('two/p.pipeline.json'))).stdout)).toEqual(['2'])
})

test('another database behind the same name is asked itself, and a SQLite file that was written is asked again', async () => {
  const table = { kind: 'table', config: { connection: 'db', table: 't' } }
  await cli.file('p.pipeline.json', { sluice: 1, name: 'Table', nodes: { table }, edges: [] })
  const from = async (name: string) => (await cli.run([...inspect(), '-c', `db=sqlite:${cli.path(name)}`])).stdout
  for (const [name, value] of [
    ['one.db', 1],
    ['two.db', 2],
  ] as const)
    write(name, `create table t (v int); insert into t values (${value})`)
  expect(rowsOf(await from('one.db'))).toEqual(['1'])
  expect(rowsOf(await from('two.db'))).toEqual(['2'])
  write('one.db', 'insert into t values (3)')
  expect(rowsOf(await from('one.db'))).toEqual(['1', '3'])
})

test('a resumed run keeps what was loaded though the file has changed since, and reads the file anew', async () => {
  write('shop.db', 'create table kept (v int); create table late (v int check (v < 10))')
  const load = (table: string) => ({ kind: 'load', config: { connection: 'db', table, mode: 'append' } })
  const { nodes, edges } = fromFile('a.csv')
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Loads',
    nodes: { ...nodes, kept: load('kept'), late: load('late') },
    edges: [...edges, { from: 'some', to: 'kept' }, { from: 'some', to: 'late' }],
  })
  const connection = ['-c', `db=sqlite:${cli.path('shop.db')}`]
  await writeFile(cli.path('a.csv'), 'v\n70\n')
  const first = await cli.run([...inspect(), ...connection])
  expect(first.code, first.stderr).toBe(1)
  await writeFile(cli.path('a.csv'), 'v\n7\n')
  const { code, stderr } = await cli.run([...inspect(), ...connection, '--resume', 'last'])
  expect(code, stderr).toBe(0)
  expect(read('shop.db', 'select v from kept')).toEqual([{ v: 70 }])
  expect(read('shop.db', 'select v from late')).toEqual([{ v: 7 }])
})

const fromFile = (path: string) => ({
  sluice: 1,
  name: 'File',
  nodes: { file: { kind: 'file', config: { path } }, some: { kind: 'sort', config: { keys: [{ column: 'v' }] } } },
  edges: [{ from: 'file', to: 'some' }],
})

function write(name: string, sql: string): void {
  const database = new DatabaseSync(cli.path(name))
  database.exec(sql)
  database.close()
}

function read(name: string, sql: string): unknown[] {
  const database = new DatabaseSync(cli.path(name))
  const rows = database.prepare(sql).all()
  database.close()
  return rows.map((row) => ({ ...row }))
}

test('another secret asks the service again, and what was loaded before it changed stays loaded', async () => {
  await using server = await serve(({ headers }, response) => json(response, [{ v: headers.authorization }]))
  const config = {
    url: server.origin,
    headers: { authorization: { secret: 'token' } },
    columns: [{ name: 'v', type: 'text' }],
  }
  write('shop.db', "create table kept (v text); create table late (v text check (v = 'second'))")
  const load = (table: string) => ({ kind: 'load', config: { connection: 'db', table, mode: 'append' } })
  const document = { sluice: 1, name: 'Service', nodes: { s: { kind: 'http', config } } }
  await cli.file('p.pipeline.json', { ...document, edges: [] })
  const as = (secret: string, ...more: string[]) =>
    cli.run([...inspect(), ...more], { env: { SLUICE_SECRET_TOKEN: secret } })
  await as('first')
  expect((await as('first')).stderr).toContain('kept from an earlier run')
  expect(server.received).toHaveLength(1)

  await cli.file('p.pipeline.json', {
    ...document,
    nodes: { ...document.nodes, kept: load('kept'), late: load('late') },
    edges: ['kept', 'late'].map((to) => ({ from: 's', to })),
  })
  const connection = ['-c', `db=sqlite:${cli.path('shop.db')}`]
  expect((await as('first', ...connection)).code).toBe(1)
  const { code, stderr } = await as('second', ...connection, '--resume', 'last')
  expect(code, stderr).toBe(0)
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['first', 'second'])
  expect(read('shop.db', 'select v from kept')).toEqual([{ v: 'first' }])
  expect(read('shop.db', 'select v from late')).toEqual([{ v: 'second' }])
})
