import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { keepDraft } from '../../../src-main/services/drafts.ts'
import { rememberRecent } from '../../../src-main/services/recent.ts'
import { connectionsApi } from '../../helpers/connections-api.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'sluice-connections-'))
const lake: ConnectionConfig = { dialect: 'postgres', host: 'db.example.com', user: 'etl', password: 'opensesame' }

const pipeline = (name: string, ...connections: string[]) =>
  JSON.stringify({
    sluice: 1,
    name,
    nodes: Object.fromEntries(
      connections.map((connection, index) => [`n${index}`, { kind: 'query', config: { connection, sql: 'select 1' } }]),
    ),
    edges: [],
  })

describe('references to the environment', () => {
  it('are filled in when the connection is opened, and stay references where it is kept', async () => {
    const folder = newFolder()
    new DatabaseSync(join(folder, 'shop.db')).close()
    writeFileSync(join(folder, 'shop.db'), '')
    await using api = await connectionsApi({ env: { DATA: folder, SECRET_WORD: 'from-the-environment' } })
    const config: ConnectionConfig = { dialect: 'sqlite', file: `\${DATA}/\${NAME:-shop}.db` }
    await api.connections.save({ name: 'shop', config, create: true })
    expect(await api.connections.test({ name: 'shop' })).toMatchObject({ ok: true })
    expect((await api.connections.list())[0]?.config.file).toBe(`\${DATA}/\${NAME:-shop}.db`)
    const secret: ConnectionConfig = { ...lake, host: `\${HOST:-localhost}`, password: `\${SECRET_WORD}` }
    await api.connections.save({ name: 'lake', config: secret, create: true })
    const [shown] = await api.connections.list()
    expect(shown).toMatchObject({ name: 'lake', config: { password: `\${SECRET_WORD}` }, secrets: {} })
    expect(await api.workspace.connections.open('lake')).toMatchObject({
      host: 'localhost',
      password: 'from-the-environment',
    })
  })

  it('never stand for signs in a saved password', async () => {
    await using api = await connectionsApi({ env: { X: 'filled' } })
    const config = { ...lake, password: `a\${X}b` }
    await api.connections.save({ name: 'lake', config, create: true })
    expect((await api.workspace.connections.open('lake'))?.password).toBe(`a\${X}b`)
  })

  it('that are not set are named', async () => {
    await using api = await connectionsApi()
    await api.connections.save({ name: 'lake', config: { ...lake, host: `\${LAKE_HOST}` }, create: true })
    const { error } = await api.connections.test({ name: 'lake' })
    expect(error?.message).toBe('Connection "lake" needs the environment variable LAKE_HOST, which is not set.')
  })

  it('are read from a URL', async () => {
    await using api = await connectionsApi()
    const url = `postgres://etl:\${PW}@\${HOST:-db.example.com}:\${PORT:-6432}/lake?sslmode=require`
    expect((await api.connections.parseUrl({ url })).config).toEqual({
      dialect: 'postgres',
      host: `\${HOST:-db.example.com}`,
      port: 6432,
      database: 'lake',
      user: 'etl',
      password: `\${PW}`,
      tls: { mode: 'require' },
    })
  })
})

describe('a config that is edited', () => {
  it('is tried with the secrets it keeps', async () => {
    await using api = await connectionsApi()
    await api.connections.save({ name: 'lake', config: lake, create: true })
    const [shown] = await api.connections.list()
    const whole = await api.workspace.connections.complete('lake', { ...lake, ...shown?.config, host: 'other' })
    expect(whole).toMatchObject({ host: 'other', password: 'opensesame' })
    const typed = await api.workspace.connections.complete('lake', { ...lake, password: 'typed anew' })
    expect(typed.password).toBe('typed anew')
  })

  it('is duplicated with its secrets, which then are apart', async () => {
    await using api = await connectionsApi()
    const tunnel = { host: 'jump', password: 'through the jump host', user: 'me' }
    await api.connections.save({ name: 'lake', config: { ...lake, tunnel }, create: true })
    await api.connections.duplicate({ name: 'lake', to: 'lake copy' })
    await api.connections.remove({ name: 'lake' })
    expect(await api.workspace.connections.open('lake copy')).toEqual({ ...lake, tunnel })
    expect((await api.connections.list())[0]?.secrets).toEqual({ password: 'kept', 'tunnel.password': 'kept' })
    await expect(api.connections.duplicate({ name: 'lake copy', to: 'lake copy' })).rejects.toMatchObject({
      data: { code: 'CONNECTION_INVALID', at: { field: 'name' } },
    })
  })
})

it('tells where connections are used, and leaves out pipelines whose folder defines the name', async () => {
  await using api = await connectionsApi()
  const folder = newFolder()
  const own = join(folder, 'own')
  mkdirSync(own)
  writeFileSync(join(own, 'connections.json'), '{ "lake": "sqlite:lake.db" }')
  const open = join(folder, 'open.pipeline.json')
  writeFileSync(open, pipeline('Daily', 'lake', 'shop', 'lake'))
  writeFileSync(join(own, 'own.pipeline.json'), pipeline('Own', 'lake', 'shop'))
  mkdirSync(join(api.home, 'pipelines'))
  writeFileSync(join(api.home, 'pipelines', 'kept.pipeline.json'), pipeline('Kept', 'lake'))
  writeFileSync(join(folder, 'broken.pipeline.json'), '{')
  for (const path of [
    open,
    join(own, 'own.pipeline.json'),
    join(folder, 'broken.pipeline.json'),
    join(folder, 'gone.pipeline.json'),
  ])
    await rememberRecent(api.workspace.settings, { path, name: 'x' })
  await keepDraft(api.home, 'w1', { id: 'd1', path: null, name: 'New', text: pipeline('New', 'lake'), base: null })
  const uses = await api.connections.uses()
  expect(uses.lake?.map((use) => use.pipeline).sort()).toEqual(['Daily', 'Kept', 'New'])
  expect(uses.lake?.find((use) => use.pipeline === 'Daily')).toEqual({
    pipeline: 'Daily',
    path: open,
    nodes: ['n0', 'n2'],
  })
  expect(uses.shop?.map((use) => use.pipeline).sort()).toEqual(['Daily', 'Own'])
})

it('lists what the environment and files define, with secrets masked and what is wrong told', async () => {
  const folder = newFolder()
  writeFileSync(
    join(folder, 'connections.json'),
    JSON.stringify({ archive: `postgres://etl:\${PW}@archive/a`, broken: { dialect: 'postgres', password: 'clear' } }),
  )
  const env = { SLUICE_CONNECTION_REPORTS: 'postgres://reader:canary77@reports/r', PW: 'canary88' }
  await using api = await connectionsApi({ env })
  const given = await api.connections.given({ folders: [folder, folder] })
  expect(given).toMatchObject([
    {
      name: 'reports',
      origin: 'environment',
      place: 'SLUICE_CONNECTION_REPORTS',
      config: { host: 'reports', password: '••••' },
    },
    { name: 'archive', origin: 'file', folder, config: { host: 'archive', password: '••••' } },
    { name: 'broken', origin: 'file', config: null, error: { code: 'CONNECTION_INVALID' } },
  ])
  expect(JSON.stringify(given)).not.toMatch(/canary|clear"/)
})

it('exports what can be imported again, without secrets', async () => {
  const folder = newFolder()
  const path = join(folder, 'connections.json')
  await using from = await connectionsApi()
  const whole: ConnectionConfig = {
    ...lake,
    tls: { mode: 'verify', ca: '/ca.pem', key: '-----BEGIN PRIVATE KEY-----canary' },
    tunnel: { host: 'jump', key: '-----BEGIN OPENSSH PRIVATE KEY-----canary', passphrase: 'canary-phrase' },
    environment: 'production',
    color: 'red',
    readOnly: true,
    pool: { max: 3 },
    driver: { application_name: 'nightly', sslpassword: 'canary-option' },
  }
  await from.connections.save({ name: 'lake', config: whole, create: true })
  await from.connections.save({ name: 'shop', config: { dialect: 'sqlite', file: '/data/shop.db' }, create: true })
  await from.connections.exportTo({ path })
  expect(readFileSync(path, 'utf8')).not.toMatch(/canary|opensesame/)
  await using to = await connectionsApi()
  expect(await to.connections.importFrom({ path })).toEqual({ added: ['lake', 'shop'], kept: [], refused: [] })
  const { password: _gone, ...rest } = whole
  expect(await to.workspace.connections.open('lake')).toEqual({
    ...rest,
    tls: { mode: 'verify', ca: '/ca.pem' },
    tunnel: { host: 'jump' },
    driver: { application_name: 'nightly' },
  })
  await from.connections.exportTo({ path, names: ['shop'] })
  expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')))).toEqual(['shop'])
})

it('imports a connections.json as docs/connections.md describes it', async () => {
  const folder = newFolder()
  const path = join(folder, 'connections.json')
  writeFileSync(
    path,
    JSON.stringify({
      $schema: 'x',
      shop: 'sqlite:data/shop.db',
      lake: `postgres://etl:\${LAKE_PASSWORD}@\${LAKE_HOST:-localhost}/lake`,
      archive: { dialect: 'postgres', host: 'a', port: `\${ARCHIVE_PORT:-5432}`, readOnly: true },
      both: { url: 'sqlite:shop.db', readOnly: true },
      odd: { dialect: 'oracle' },
      worse: 'oracle://x:canary99@y',
    }),
  )
  await using api = await connectionsApi()
  await api.connections.save({ name: 'both', config: { dialect: 'sqlite', file: '/x.db' }, create: true })
  const result = await api.connections.importFrom({ path })
  expect(result).toMatchObject({ added: ['shop', 'lake', 'archive'], kept: ['both'] })
  expect(result.refused.map(({ name }) => name)).toEqual(['odd', 'worse'])
  expect(JSON.stringify(result)).not.toContain('canary99')
  const list = await api.connections.list()
  const saved = Object.fromEntries(list.map(({ name, config }) => [name, config]))
  expect(saved.shop).toEqual({ dialect: 'sqlite', file: join(folder, 'data/shop.db') })
  expect(saved.lake).toMatchObject({ host: `\${LAKE_HOST:-localhost}`, password: `\${LAKE_PASSWORD}` })
  expect(saved.archive).toMatchObject({ port: 5432, readOnly: true })
  await expect(api.connections.importFrom({ path: join(folder, 'gone.json') })).rejects.toMatchObject({
    data: { code: 'FILE_MISSING' },
  })
})

it('makes an empty database, and never over a file', async () => {
  await using api = await connectionsApi()
  const path = join(newFolder(), 'new.db')
  await api.connections.createFile({ path })
  expect(await api.connections.test({ name: 'new', config: { dialect: 'sqlite', file: path } })).toMatchObject({
    ok: true,
  })
  await expect(api.connections.createFile({ path })).rejects.toMatchObject({ data: { code: 'FILE_CONFLICT' } })
  await expect(api.connections.createFile({ path: '/no/such/folder/x.db' })).rejects.toMatchObject({
    data: { code: 'FILE_WRITE' },
  })
})

describe('what the workbench has of a connection', () => {
  async function openTab(api: Awaited<ReturnType<typeof connectionsApi>>) {
    const file = join(newFolder(), 'shop.db')
    new DatabaseSync(file).exec('create table items (id int)')
    await api.connections.save({ name: 'shop', config: { dialect: 'sqlite', file }, create: true })
    const run = async (connection: string, sql: string) => {
      const request = { session: 'tab', connection, folder: api.home, sql, manual: true }
      const events: QueryEvent[] = []
      for await (const event of await api.queries.run(request)) events.push(event)
      return events
    }
    await run('shop', 'insert into items values (1)')
    return { run, count: () => new DatabaseSync(file).prepare('select count(*) as n from items').get()?.n }
  }

  it('follows its new name: the open transaction, the history and saved queries', async () => {
    await using api = await connectionsApi()
    const { run, count } = await openTab(api)
    const saved = await api.queries.save({ name: 'all', connection: 'shop', sql: 'select * from items' })
    const other = await api.queries.save({ name: 'other', connection: 'shop 2', sql: 'select 1' })
    expect(await api.connections.rename({ name: 'shop', to: 'store' })).toEqual({ left: [] })
    const events = await run('store', 'insert into items values (2)')
    expect(events.at(-1)).toMatchObject({ type: 'session', state: { transaction: 'open' } })
    await api.queries.commit({ session: 'tab' })
    expect(count()).toBe(2)
    const history = await api.queries.history({})
    expect(history.map(({ connection }) => connection)).toEqual(['store', 'store'])
    expect(readFileSync(saved.path, 'utf8')).toBe('-- connection: store\nselect * from items')
    expect(readFileSync(other.path, 'utf8')).toBe('-- connection: shop 2\nselect 1')
  })

  it('ends when it is deleted: the transaction is rolled back, and nothing runs any more', async () => {
    await using api = await connectionsApi()
    const { run, count } = await openTab(api)
    await api.connections.remove({ name: 'shop' })
    expect(await api.queries.state({ session: 'tab' })).toMatchObject({ transaction: 'idle', running: false })
    expect(count()).toBe(0)
    await expect(run('shop', 'select 1')).rejects.toMatchObject({ data: { code: 'CONNECTION_UNKNOWN' } })
  })

  it('stays as it is when another folder means another connection by that name', async () => {
    await using api = await connectionsApi()
    const { run } = await openTab(api)
    await api.queries.rollback({ session: 'tab' })
    writeFileSync(join(api.home, 'connections.json'), JSON.stringify({ shop: 'sqlite::memory:' }))
    await run('shop', 'create table own (id int)')
    await api.connections.remove({ name: 'shop' })
    expect(await api.queries.state({ session: 'tab' })).toMatchObject({ transaction: 'open' })
  })
})
