import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openVault } from '../../../src-main/services/vault.ts'
import { failure, temporaryFolder } from './temporary.ts'

const key = () => randomBytes(32).toString('base64')

describe.each([
  ['a key file', () => ({})],
  ['a raw key', () => ({ SLUICE_KEY: key() })],
  ['a passphrase', () => ({ SLUICE_KEY: 'correct horse battery staple' })],
])('a vault with %s', (_name, environment) => {
  it('opens what it sealed, also in a later process', async () => {
    const home = temporaryFolder()
    const env = environment()
    const text = 'pä$$wörd "with" 😀\n'
    const sealed = await openVault(home, env).seal(text, 'connection "shop"')
    expect(await openVault(home, env).open(sealed, 'connection "shop"')).toBe(text)
  })

  it('seals the same text differently every time, and shows nothing of it', async () => {
    const vault = openVault(temporaryFolder(), environment())
    const sealed = await Promise.all([vault.seal('hunter2hunter2', 'a'), vault.seal('hunter2hunter2', 'a')])
    expect(sealed[0]).not.toBe(sealed[1])
    for (const text of sealed) {
      expect(text).not.toContain('hunter2')
      expect(text).not.toContain(Buffer.from('hunter2hunter2').toString('base64url'))
    }
  })

  it('does not open a text in another place than it was sealed for', async () => {
    const vault = openVault(temporaryFolder(), environment())
    const sealed = await vault.seal('secret', 'connection "test"')
    const error = await failure(vault.open(sealed, 'connection "production"'))
    expect(error.code).toBe('VAULT_LOCKED')
  })
})

it('notices every changed character', async () => {
  const vault = openVault(temporaryFolder(), { SLUICE_KEY: key() })
  const sealed = await vault.seal('a', 'x')
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'g' : 'A') + sealed.slice(at + 1)
    expect((await failure(vault.open(changed, 'x'))).code).toBe('VAULT_LOCKED')
  }
})

describe('a wrong key', () => {
  it('is told apart from a damaged text', async () => {
    const home = temporaryFolder()
    const sealed = await openVault(home, { SLUICE_KEY: key() }).seal('secret', 'connection "shop"')
    const error = await failure(openVault(home, { SLUICE_KEY: key() }).open(sealed, 'connection "shop"'))
    expect(error.code).toBe('VAULT_LOCKED')
    expect(error.message).toContain('connection "shop"')
    expect(error.message).toContain('another key')
  })

  it('says which kind of key is asked for', async () => {
    const home = temporaryFolder()
    const sealed = await openVault(home, {}).seal('secret', 'a')
    const withPhrase = await failure(openVault(home, { SLUICE_KEY: 'a long enough phrase' }).open(sealed, 'a'))
    expect(withPhrase.code).toBe('VAULT_LOCKED')
    expect(withPhrase.hint).toContain('Unset SLUICE_KEY')
    const phrased = await openVault(home, { SLUICE_KEY: 'a long enough phrase' }).seal('secret', 'a')
    expect((await failure(openVault(home, {}).open(phrased, 'a'))).hint).toContain('Set SLUICE_KEY')
    expect((await failure(openVault(home, { SLUICE_KEY: 'another phrase' }).open(phrased, 'a'))).code).toBe(
      'VAULT_LOCKED',
    )
  })

  it('refuses a passphrase that is too short to protect anything', async () => {
    expect((await failure(openVault(temporaryFolder(), { SLUICE_KEY: 'abc' }).seal('x', 'a'))).code).toBe(
      'VAULT_LOCKED',
    )
  })

  it('tells a text of a newer version from a broken one', async () => {
    const vault = openVault(temporaryFolder(), { SLUICE_KEY: key() })
    expect((await failure(vault.open('v2.whatever', 'a'))).hint).toContain('Update')
    expect((await failure(vault.open('nonsense', 'a'))).code).toBe('VAULT_LOCKED')
  })
})

describe('a key that the system guards', () => {
  it('seals and opens; what the key file sealed opens with it too, but not the reverse', async () => {
    const home = temporaryFolder()
    const system = key()
    const byFile = await openVault(home, {}).seal('from the command line', 'a')
    const desktop = openVault(home, {}, system)
    const bySystem = await desktop.seal('from the desktop', 'a')
    expect(await desktop.guard()).toBe('system')
    expect(await openVault(home, {}, system).open(bySystem, 'a')).toBe('from the desktop')
    expect(await desktop.open(byFile, 'a')).toBe('from the command line')
    const error = await failure(openVault(home, {}).open(bySystem, 'a'))
    expect(error).toMatchObject({ code: 'VAULT_LOCKED', hint: expect.stringContaining('the desktop app can read it') })
  })

  it('gives way to a key in the environment', async () => {
    const env = { SLUICE_KEY: key() }
    const home = temporaryFolder()
    const sealed = await openVault(home, env, key()).seal('x', 'a')
    expect(await openVault(home, env).open(sealed, 'a')).toBe('x')
  })
})

describe('the key file', () => {
  it('is readable by its owner only, and so is its folder', async () => {
    const home = join(temporaryFolder(), 'new', 'home')
    await openVault(home, {}).seal('x', 'a')
    expect(statSync(join(home, 'key')).mode & 0o777).toBe(0o600)
    expect(statSync(home).mode & 0o777).toBe(0o700)
    expect(readdirSync(home)).toEqual(['key'])
  })

  it.each([0o640, 0o604, 0o660])('is refused when others may touch it (%o)', async (mode) => {
    const home = temporaryFolder()
    const sealed = await openVault(home, {}).seal('x', 'a')
    chmodSync(join(home, 'key'), mode)
    for (const work of [openVault(home, {}).open(sealed, 'a'), openVault(home, {}).seal('y', 'a')]) {
      const error = await failure(work)
      expect(error.code).toBe('VAULT_LOCKED')
      expect(error.hint).toContain('chmod 600')
    }
  })

  it('is not made anew when it is missing and something has to be opened', async () => {
    const home = temporaryFolder()
    const sealed = await openVault(home, {}).seal('x', 'a')
    rmSync(join(home, 'key'))
    expect((await failure(openVault(home, {}).open(sealed, 'a'))).message).toContain('missing')
    expect(existsSync(join(home, 'key'))).toBe(false)
  })

  it('is not replaced when it is damaged', async () => {
    const home = temporaryFolder()
    writeFileSync(join(home, 'key'), 'short\n', { mode: 0o600 })
    expect((await failure(openVault(home, {}).seal('x', 'a'))).message).toContain('damaged')
  })

  it('is the same for all that make it at once', async () => {
    const home = temporaryFolder()
    const sealed = await Promise.all(Array.from({ length: 8 }, (_, index) => openVault(home, {}).seal(`${index}`, 'a')))
    const vault = openVault(home, {})
    expect(await Promise.all(sealed.map((text) => vault.open(text, 'a')))).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
    ])
    expect(readdirSync(home)).toEqual(['key'])
  })
})
