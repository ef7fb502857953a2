import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { noteRuntime, openDesktop } from '../helpers/electron.ts'

beforeAll(noteRuntime)

describe('the key of the vault', () => {
  const notice = /no key store/

  it('is a file, and says so, where the system has only a pretence of a key store', async () => {
    await using app = await openDesktop()
    await app.page.getByText(notice).waitFor()
    expect(existsSync(join(app.home, 'key.sealed'))).toBe(false)
  })

  it('is sealed by the system where it has one', async ({ skip }) => {
    await using app = await openDesktop({ args: ['--password-store=gnome-libsecret'] })
    const backend = await app.evaluate(({ safeStorage }) =>
      process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'native',
    )
    skip(backend === 'basic_text', 'this system has no key store')
    await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
    const file = join(app.home, 'key.sealed')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const opened = await app.evaluate(
      async ({ safeStorage }, sealed) => (await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result,
      readFileSync(file).toString('base64'),
    )
    expect(Buffer.from(opened, 'base64')).toHaveLength(32)
    expect(readFileSync(file, 'latin1')).not.toContain(opened)
    expect(await app.page.getByText(notice).count()).toBe(0)
  })

  it('stays the key file of a workspace that has one', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sluice-vault-'))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    writeFileSync(join(home, 'key'), Buffer.alloc(32, 1).toString('base64'), { mode: 0o600 })
    await using app = await openDesktop({ home, args: ['--password-store=gnome-libsecret'] })
    await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
    expect(existsSync(join(home, 'key.sealed'))).toBe(false)
  })
})
