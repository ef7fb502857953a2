import { AppError } from '../../shared/errors.ts'
import type { Origin } from './vault-envelope.ts'

const originNames: Record<Origin, string> = {
  file: 'the key file of the workspace',
  env: 'a key in SLUICE_KEY',
  pass: 'a passphrase',
  sys: 'a key that this system guards for the desktop app',
  mem: 'a key of that session',
}

const hints: Record<Origin, string> = {
  file: 'Unset SLUICE_KEY, or enter the secret again.',
  env: 'Set SLUICE_KEY to what it was, or enter the secret again.',
  pass: 'Set SLUICE_KEY to what it was, or enter the secret again.',
  sys: 'Enter the secret again here; the desktop app can read it then, too.',
  mem: 'Enter the secret again.',
}

/** A text that another key than the one at hand sealed. */
export function otherKey(context: string, origin: Origin, same: boolean): AppError {
  const was = originNames[origin]
  const message = `The secret of ${context} was sealed with ${same ? `another key than ${was}` : was}.`
  return new AppError('VAULT_LOCKED', message, {
    hint: same ? 'Bring back the key it was sealed with, or enter the secret again.' : hints[origin],
  })
}

export const forgotten = (context: string) =>
  new AppError('VAULT_LOCKED', `The secret of ${context} was kept only until Sluice closed.`, {
    hint: 'Enter it again on the Connections screen.',
  })

export const passphraseWanted = (what: string) =>
  new AppError('VAULT_LOCKED', `${what} is guarded by a passphrase that has not been given yet.`, {
    hint: 'Unlock the secrets on the Connections screen; for the command line, set SLUICE_KEY to the passphrase.',
  })

export const wrongPassphrase = () =>
  new AppError('VAULT_LOCKED', 'This is not the passphrase that guards the secrets.', {
    hint: 'Check capital letters and the layout of the keyboard, then try again.',
  })

export function unreadable(sealed: string, context: string): AppError {
  const newer = /^v\d+\./.test(sealed) && !sealed.startsWith('v1.')
  return new AppError('VAULT_LOCKED', `The secret of ${context} cannot be read.`, {
    hint: newer ? 'It was sealed by a newer version of Sluice. Update Sluice.' : 'Enter the secret again.',
  })
}
