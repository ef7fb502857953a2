import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../../src-main/services/api/schema.ts'
import { LiveConnections } from '../../../src-main/services/live-connections.ts'
import { openWorkspace } from '../../../src-main/services/workspace.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

let folder: string
let pg: FreshDatabase
let maria: FreshMariaDb
let live: LiveConnections
let workspace: ReturnType<typeof openWorkspace>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-schema-'))
  pg = await freshDatabase()
  maria = await freshMariaDb()
  await pg.sql('create schema empty; create table orders (id int primary key); create view recent as select 1 as one')
  await maria.sql('create table orders (id int primary key)')
  const file = new DatabaseSync(join(folder, 'shop.db'))
  file.exec('create table orders (id integer primary key)')
  file.close()
  const connections = { pg: pg.url, maria: maria.url, shop: 'sqlite:shop.db', down: 'postgres://127.0.0.1:1/x' }
  await writeFile(join(folder, 'connections.json'), JSON.stringify(connections))
  workspace = openWorkspace({ env: {}, home: join(folder, 'home') })
  live = new LiveConnections(workspace)
})
afterAll(async () => {
  await live?.close()
  await workspace?.close()
  await pg?.drop()
  await maria?.drop()
  await rm(folder, { recursive: true, force: true })
})

const api = () => createRouterClient({ schema }, { context: { live, workspace } as never }).schema

describe('the schema of a connection', () => {
  test('lists what it holds, empty schemas too', async () => {
    const inPostgres = await api().objects({ connection: 'pg', folder })
    expect(inPostgres).toMatchObject({ schemas: ['empty', 'public'], defaultSchema: 'public' })
    expect(inPostgres.objects).toEqual([
      { schema: 'public', name: 'orders', kind: 'table', rows: null, comment: null },
      { schema: 'public', name: 'recent', kind: 'view', rows: null, comment: null },
    ])
    const inMaria = await api().objects({ connection: 'maria', folder })
    expect(inMaria.defaultSchema).toBe(maria.name)
    expect(inMaria.objects.filter((each) => each.schema === maria.name)).toMatchObject([
      { name: 'orders', kind: 'table', comment: null },
    ])
    expect(await api().objects({ connection: 'shop', folder })).toEqual({
      schemas: [],
      defaultSchema: null,
      objects: [{ schema: null, name: 'orders', kind: 'table', rows: null, comment: null }],
    })
  })

  test('says why it cannot be read', async () => {
    await expect(api().objects({ connection: 'down', folder })).rejects.toMatchObject({
      data: { code: 'CONNECTION_REFUSED' },
    })
  })
})
