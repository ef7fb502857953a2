import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { VaultMode } from '../../../shared/contract/vault.ts'
import { connectionsApi } from '../../helpers/connections-api.ts'

const password = 'canary-in-the-vault-91'
const phrase = 'a phrase that nobody guesses'
const lake: ConnectionConfig = { dialect: 'postgres', host: 'db.example.com', user: 'etl', password }

const newHome = () => mkdtempSync(join(tmpdir(), 'sluice-vault-modes-'))

/** What the engine would connect with. */
const opened = async (api: Awaited<ReturnType<typeof connectionsApi>>) =>
  (await api.workspace.connections.open('lake'))?.password

const secretOf = async (api: Awaited<ReturnType<typeof connectionsApi>>) =>
  (await api.connections.list()).map(({ secrets }) => secrets)

it('guards by a key file until something else is chosen', async () => {
  await using api = await connectionsApi()
  expect(await api.vault.state()).toMatchObject({
    guard: 'key-file',
    locked: false,
    choices: ['key-file', 'passphrase', 'session'],
    keyFile: join(api.home, 'key'),
    sealed: 0,
  })
  await api.connections.save({ name: 'lake', config: lake, create: true })
  expect(await api.vault.state()).toMatchObject({ guard: 'key-file', sealed: 1 })
  expect(await secretOf(api)).toEqual([{ password: 'kept' }])
})

it('keeps secrets of nodes under their names, and gives out names alone', async () => {
  await using api = await connectionsApi()
  await api.vault.keepSecret({ name: 'token', value: password })
  await api.vault.keepSecret({ name: 'api key', value: 'another' })
  const names = await api.vault.secrets()
  expect(names.map(({ name }) => name).sort()).toEqual(['api key', 'token'])
  expect(JSON.stringify(names)).not.toContain(password)
  expect(await api.workspace.secrets.resolve('token')).toBe(password)
  await api.vault.keepSecret({ name: 'token', value: 'newer' })
  expect(await api.workspace.secrets.resolve('token')).toBe('newer')
})

const modes: VaultMode[] = ['key-file', 'passphrase', 'session', 'system']

describe.each(modes)('from %s', (from) => {
  it.each(modes.filter((to) => to !== from))('to %s: everything is sealed anew, and opens', async (to) => {
    const systemKey = randomBytes(32).toString('base64')
    await using api = await connectionsApi({ systemKey })
    const change = (mode: VaultMode) => api.vault.change({ mode, ...(mode === 'passphrase' && { passphrase: phrase }) })
    await change(from)
    await api.connections.save({ name: 'lake', config: lake, create: true })
    await api.workspace.secrets.set('token', 'a token of a node')
    const [before] = await sealedTexts(api)
    const { state, dropped } = await change(to)
    expect({ guard: state.guard, locked: state.locked, dropped }).toEqual({ guard: to, locked: false, dropped: [] })
    expect(await opened(api)).toBe(password)
    expect(await api.workspace.secrets.resolve('token')).toBe('a token of a node')
    const after = await sealedTexts(api)
    expect(after).toHaveLength(2)
    expect(after[0]).not.toBe(before)
    expect(existsSync(join(api.home, 'key'))).toBe(to === 'key-file')
    // What is saved from now on is guarded alike.
    await api.connections.save({ name: 'shop', config: { ...lake, password: 'another one' }, create: true })
    expect((await api.workspace.connections.open('shop'))?.password).toBe('another one')
  })
})

/** What is kept of secrets, as it lies in the database. */
async function sealedTexts(api: Awaited<ReturnType<typeof connectionsApi>>): Promise<string[]> {
  const { openStore } = await import('../../../src-main/store/index.ts')
  const store = await openStore({ home: api.home })
  const connections = await store.connections.list()
  const secrets = await store.secrets.list()
  await store.close()
  return [...connections.map((record) => record.secrets ?? ''), ...secrets.map(({ sealed }) => sealed)]
}

describe('a passphrase', () => {
  const guarded = async () => {
    const home = newHome()
    await using api = await connectionsApi({ home })
    await api.connections.save({ name: 'lake', config: lake, create: true })
    await api.vault.change({ mode: 'passphrase', passphrase: phrase })
    return home
  }

  it('is asked for once after each start; a wrong one is told', async () => {
    const home = await guarded()
    await using api = await connectionsApi({ home })
    expect(await api.vault.state()).toMatchObject({ guard: 'passphrase', locked: true })
    expect(await secretOf(api)).toEqual([{ password: 'locked' }])
    await expect(opened(api)).rejects.toMatchObject({
      code: 'VAULT_LOCKED',
      message: expect.stringContaining('guarded by a passphrase that has not been given'),
    })
    for (const wrong of ['short', 'another phrase entirely'])
      await expect(api.vault.unlock({ passphrase: wrong })).rejects.toMatchObject({
        message: 'This is not the passphrase that guards the secrets.',
      })
    expect(await api.vault.unlock({ passphrase: phrase })).toMatchObject({ locked: false })
    expect(await opened(api)).toBe(password)
    expect(await secretOf(api)).toEqual([{ password: 'kept' }])
  })

  it('keeps new passwords from being saved while it is locked, and a test says why', async () => {
    const home = await guarded()
    await using api = await connectionsApi({ home })
    await expect(api.connections.save({ name: 'shop', config: lake, create: true })).rejects.toMatchObject({
      data: { code: 'VAULT_LOCKED' },
    })
    expect(await api.connections.test({ name: 'lake' })).toMatchObject({
      ok: false,
      diagnosis: { kind: 'vault', field: 'password' },
    })
  })

  it('opens for the command line by SLUICE_KEY', async () => {
    const home = await guarded()
    await using api = await connectionsApi({ home, env: { SLUICE_KEY: phrase } })
    expect(await api.vault.state()).toMatchObject({ guard: 'environment', locked: false, choices: [] })
    expect(await opened(api)).toBe(password)
    await expect(api.vault.change({ mode: 'session' })).rejects.toMatchObject({ data: { code: 'VAULT_LOCKED' } })
  })

  it('that is forgotten can be given up, with what it guards', async () => {
    const home = await guarded()
    await using api = await connectionsApi({ home })
    await expect(api.vault.change({ mode: 'key-file' })).rejects.toMatchObject({ data: { code: 'VAULT_LOCKED' } })
    const { dropped } = await api.vault.change({ mode: 'key-file', discard: true })
    expect(dropped).toEqual(['connection "lake" (password)'])
    expect(await api.connections.list()).toMatchObject([{ name: 'lake', secrets: {} }])
    await api.connections.save({ name: 'lake', config: lake, create: false })
    expect(await opened(api)).toBe(password)
  })

  it('can be exchanged for another', async () => {
    const home = await guarded()
    {
      await using api = await connectionsApi({ home })
      await api.vault.unlock({ passphrase: phrase })
      await api.vault.change({ mode: 'passphrase', passphrase: 'quite another phrase' })
      expect(await opened(api)).toBe(password)
    }
    await using api = await connectionsApi({ home })
    await expect(api.vault.unlock({ passphrase: phrase })).rejects.toThrow()
    await api.vault.unlock({ passphrase: 'quite another phrase' })
    expect(await opened(api)).toBe(password)
  })

  it('must not be short', async () => {
    await using api = await connectionsApi()
    await expect(api.vault.change({ mode: 'passphrase', passphrase: 'short' })).rejects.toThrow()
    await expect(api.vault.change({ mode: 'passphrase' })).rejects.toMatchObject({ data: { code: 'VAULT_LOCKED' } })
    expect(await api.vault.state()).toMatchObject({ guard: 'key-file' })
  })
})

describe('secrets of this session only', () => {
  it('go with the engine, and are asked for again', async () => {
    const home = newHome()
    {
      await using api = await connectionsApi({ home })
      await api.vault.change({ mode: 'session' })
      await api.connections.save({ name: 'lake', config: lake, create: true })
      expect(await opened(api)).toBe(password)
    }
    await using api = await connectionsApi({ home })
    expect(await api.vault.state()).toMatchObject({ guard: 'session', locked: false })
    expect(await secretOf(api)).toEqual([{ password: 'forgotten' }])
    expect(await api.connections.test({ name: 'lake' })).toMatchObject({
      ok: false,
      error: { message: 'The secret of connection "lake" (password) was kept only until Sluice closed.' },
      diagnosis: { kind: 'vault', field: 'password' },
    })
    await api.connections.save({ name: 'lake', config: lake, create: false })
    expect(await opened(api)).toBe(password)
    // What is gone anyway keeps nobody from choosing something else.
    const next = await connectionsApi({ home })
    expect((await next.vault.change({ mode: 'key-file' })).dropped).toEqual(['connection "lake" (password)'])
    await next[Symbol.asyncDispose]()
  })

  it('leave nothing on the disk that opens them', async () => {
    await using api = await connectionsApi()
    await api.vault.change({ mode: 'session' })
    await api.connections.save({ name: 'lake', config: lake, create: true })
    expect(readdirSync(api.home)).not.toContain('key')
    for (const file of readdirSync(api.home))
      expect(readFileSync(join(api.home, file), 'latin1')).not.toContain(password)
  })
})

it('the key store of the system guards where there is one, and says when it is missing', async () => {
  const home = newHome()
  const systemKey = randomBytes(32).toString('base64')
  {
    await using api = await connectionsApi({ home, systemKey })
    expect(await api.vault.state()).toMatchObject({
      guard: 'system',
      choices: ['system', 'key-file', 'passphrase', 'session'],
    })
    await api.vault.change({ mode: 'system' })
    await api.connections.save({ name: 'lake', config: lake, create: true })
  }
  await using api = await connectionsApi({ home })
  await expect(opened(api)).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  await expect(api.vault.change({ mode: 'system' })).rejects.toMatchObject({ data: { code: 'VAULT_LOCKED' } })
})
