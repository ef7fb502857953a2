import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ConnectionConfig } from '../../shared/connections.ts'
import type { AppError } from '../../shared/errors.ts'
import { openVault } from '../../src-main/services/vault.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { failure, temporaryFolder } from '../unit/services/temporary.ts'

const canary = 'canary-5f3a/"é'

const lake: ConnectionConfig = {
  dialect: 'postgres',
  host: '127.0.0.1',
  port: 1,
  user: 'etl',
  database: 'lake',
  password: canary,
  tls: { mode: 'verify', ca: '/ca.pem', key: `-----BEGIN PRIVATE KEY-----\n${canary}` },
  driver: { application_name: 'nightly', sslpassword: canary },
}

/** Every form in which the canary might get out. */
const forms = [canary, encodeURIComponent(canary), JSON.stringify(canary).slice(1, -1), 'canary-5f3a']
const shows = (text: string) => forms.filter((form) => text.includes(form))

describe('secrets', () => {
  it('are in no file, answer or error of the workspace', async () => {
    const home = temporaryFolder()
    const folder = temporaryFolder()
    const said: unknown[] = []
    const failed: AppError[] = []
    await using workspace = openWorkspace({ env: { SLUICE_SECRET_FROM_ENV: canary }, home })
    const where = { folder, cwd: folder }
    await workspace.connections.add('lake', lake, folder)
    await workspace.connections.update('lake', { ...lake, user: 'other' }, folder)
    await workspace.secrets.set('token', canary)
    said.push(await workspace.connections.list(), await workspace.connections.show('lake'))
    said.push(await workspace.connections.export(), await workspace.secrets.list())
    said.push(await workspace.test('lake', where))
    failed.push(await failure(workspace.connections.add('lake', lake, folder)))
    failed.push(await failure(workspace.connections.add('a=b', lake, folder)))
    said.push(await workspace.connections.import(`{ "x": "oracle://u:${encodeURIComponent(canary)}@h" }`, folder))
    said.push(await workspace.connections.import(`{ "x": { "password": ${JSON.stringify(canary)} } }`, folder))
    failed.push(await failure(workspace.connections.import(`{ "x": "${canary}`, folder)))
    failed.push(await failure(workspace.resolve('x', { ...where, overrides: { x: `oracle://u:${canary}@h` } })))
    failed.push(
      await failure(workspace.resolve('x', { ...where, overrides: { x: `postgres://u:${canary}@h:port/d` } })),
    )
    writeFileSync(join(folder, 'connections.json'), JSON.stringify({ y: { ...lake, password: canary } }))
    failed.push(await failure(workspace.resolve('y', where)))
    writeFileSync(join(folder, 'connections.json'), `{ "y": "${encodeURIComponent(canary)}`)
    failed.push(await failure(workspace.resolve('y', where)))
    writeFileSync(join(folder, 'connections.json'), '{}')

    // A run that tells them, because a server sent them back in an error or a script logged them.
    expect(await workspace.secrets.resolve('from env')).toBe(canary)
    const recorder = workspace.recorder({
      id: 'r1',
      pipeline: 'Daily',
      file: join(folder, 'a.pipeline.json'),
      document: `{ "x": ${JSON.stringify(canary)} }`,
      mode: 'inspect',
      dryRun: false,
      params: { token: canary, nested: [canary] },
    })
    const stamp = { runId: 'r1', at: new Date().toISOString() }
    const error = { code: 'HTTP_STATUS' as const, message: `401 for ${canary}`, hint: canary, retryable: false }
    recorder.record({ ...stamp, type: 'run', state: 'running', pipeline: 'Daily', mode: 'inspect', dryRun: false })
    recorder.record({
      ...stamp,
      type: 'log',
      level: 'error',
      message: `url was postgres://u:${encodeURIComponent(canary)}@h`,
    })
    recorder.record({ ...stamp, type: 'node', node: 'a', state: 'failed', attempt: 1, counts: {}, error })
    recorder.record({
      ...stamp,
      type: 'run',
      state: 'failed',
      pipeline: 'Daily',
      mode: 'inspect',
      dryRun: false,
      error,
    })
    expect(await recorder.flush()).toBeUndefined()
    said.push(await workspace.runs.show('r1'), await workspace.runs.logs('r1'), workspace.redactor.redact(error))
    await workspace.close()

    for (const answer of said) expect(shows(JSON.stringify(answer))).toEqual([])
    for (const one of failed)
      expect(shows(`${JSON.stringify(one)} ${one.message} ${one.hint} ${one.stack}`)).toEqual([])
    const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
    expect(files).toContain('workspace.db')
    for (const file of files) expect(shows(readFileSync(join(home, file), 'latin1'))).toEqual([])
    for (const file of files) expect(shows(readFileSync(join(home, file), 'utf8'))).toEqual([])
  })

  it('come back whole, in another process as in this one', async () => {
    const home = temporaryFolder()
    {
      await using workspace = openWorkspace({ env: {}, home })
      await workspace.connections.add('lake', lake, '/')
      await workspace.secrets.set('token', canary)
    }
    await using workspace = openWorkspace({ env: {}, home })
    expect(await workspace.connections.open('lake')).toEqual(lake)
    expect(await workspace.secrets.resolve('token')).toBe(canary)
  })

  it('are shown as dots, and stay when the dots are saved', async () => {
    await using workspace = openWorkspace({ env: {}, home: temporaryFolder() })
    await workspace.connections.add('lake', lake, '/')
    const { config } = await workspace.connections.show('lake')
    expect([config.password, config.tls?.key, config.driver?.sslpassword]).toEqual(['••••', '••••', '••••'])
    expect(config.tls?.ca).toBe('/ca.pem')
    await workspace.connections.update('lake', { ...config, user: 'other' }, '/')
    expect(await workspace.connections.open('lake')).toEqual({ ...lake, user: 'other' })
    await workspace.connections.update('lake', { ...config, password: 'a new one' }, '/')
    expect(await workspace.connections.open('lake')).toEqual({ ...lake, password: 'a new one' })
    const { password: _gone, ...rest } = config
    await workspace.connections.update('lake', rest, '/')
    expect((await workspace.connections.open('lake'))?.password).toBeUndefined()
  })

  it('do not open for another connection they are copied to', async () => {
    const home = temporaryFolder()
    await using workspace = openWorkspace({ env: {}, home })
    await workspace.connections.add('production', lake, '/')
    await workspace.connections.rename('production', 'lake')
    expect(await workspace.connections.open('lake')).toEqual(lake)
    expect(await workspace.connections.open('production')).toBeUndefined()
    const vault = openVault(home, {})
    const sealed = await vault.seal(canary, 'connection "production" (password)')
    expect((await failure(vault.open(sealed, 'connection "lake" (password)'))).code).toBe('VAULT_LOCKED')
  })

  it('say that they are locked when the key is another', async () => {
    const home = temporaryFolder()
    {
      await using workspace = openWorkspace({ env: { SLUICE_KEY: 'the first passphrase' }, home })
      await workspace.connections.add('lake', lake, '/')
      await workspace.secrets.set('token', canary)
    }
    await using workspace = openWorkspace({ env: { SLUICE_KEY: 'another passphrase' }, home })
    const where = { folder: home, cwd: home }
    for (const work of [workspace.secrets.resolve('token'), workspace.resolve('lake', where)]) {
      const error = await failure(work)
      expect(error.code).toBe('VAULT_LOCKED')
      expect(error.hint).toBeTruthy()
    }
    expect((await workspace.connections.list()).map(({ name }) => name)).toEqual(['lake'])
  })

  it('come from the environment first, and say how to be given', async () => {
    await using workspace = openWorkspace({ env: { SLUICE_SECRET_API_TOKEN: 'from env' }, home: temporaryFolder() })
    await workspace.secrets.set('api token', 'saved')
    expect(await workspace.secrets.resolve('api token')).toBe('from env')
    const error = await failure(workspace.secrets.resolve('other'))
    expect([error.code, error.hint]).toEqual(['VAULT_MISSING', expect.stringContaining('SLUICE_SECRET_OTHER')])
    expect((await failure(workspace.secrets.remove('other'))).code).toBe('VAULT_MISSING')
  })
})

describe('saved connections', () => {
  it('are added once, renamed, removed, exported and imported', async () => {
    const folder = temporaryFolder()
    await using workspace = openWorkspace({ env: {}, home: temporaryFolder() })
    const { connections } = workspace
    await connections.add('shop', { dialect: 'sqlite', file: 'data/shop.db', readOnly: true }, folder)
    await connections.add('lake', lake, folder)
    expect((await connections.show('shop')).config.file).toBe(join(folder, 'data/shop.db'))
    expect((await failure(connections.add('shop', { dialect: 'sqlite', file: 'x' }, folder))).code).toBe(
      'CONNECTION_INVALID',
    )
    expect((await failure(connections.rename('shop', 'lake'))).code).toBe('CONNECTION_INVALID')
    for (const name of ['', ' a', 'a ', 'a=b', 'a\nb', 'x'.repeat(101)]) {
      expect((await failure(connections.add(name, lake, folder))).code).toBe('CONNECTION_INVALID')
    }
    const exported = await connections.export()
    expect(Object.keys(JSON.parse(exported))).toEqual(['lake', 'shop'])
    await connections.remove('shop')
    expect((await failure(connections.remove('shop'))).code).toBe('CONNECTION_UNKNOWN')
    expect((await failure(connections.show('shop'))).code).toBe('CONNECTION_UNKNOWN')
    expect(await connections.import(exported, folder)).toEqual({
      added: ['shop'],
      kept: ['lake'],
      refused: [],
    })
    expect((await connections.open('lake'))?.password).toBe(canary)
    expect((await connections.show('shop')).config.readOnly).toBe(true)
  })

  it('are tried: the version when it answers, the error when it does not', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data', 'shop.db'), '')
    await using workspace = openWorkspace({ env: {}, home: temporaryFolder() })
    const where = { folder, cwd: folder }
    await workspace.connections.add('shop', { dialect: 'sqlite', file: 'data/shop.db' }, folder)
    await workspace.connections.add('gone', { dialect: 'sqlite', file: 'no/such/folder/shop.db' }, folder)
    expect(await workspace.test('shop', where)).toEqual({
      ok: true,
      ms: expect.any(Number),
      latencyMs: expect.any(Number),
      version: expect.stringMatching(/^3\./),
    })
    const refused = await workspace.test('gone', where)
    expect(refused).toMatchObject({ ok: false, error: { code: 'CONNECTION_FILE', at: { connection: 'gone' } } })
    expect((await failure(workspace.test('unheard of', where))).code).toBe('CONNECTION_UNKNOWN')
    expect(await workspace.known({ ...where, overrides: { extra: 'sqlite:x' } })).toEqual(['extra', 'gone', 'shop'])
  })
})
