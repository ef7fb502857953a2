import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { TunnelConfig } from '../../shared/connections.ts'
import { AppError } from '../../shared/errors.ts'
import { inTurn } from './in-turn.ts'

/** The keys that SSH servers were first met with, by `host:port`. */
export interface HostKeys {
  get(server: string): Promise<string | undefined>
  set(server: string, fingerprint: string): Promise<void>
  forget(server: string): Promise<void>
}

/** Where they are remembered. */
interface Kept {
  get(key: string): Promise<unknown>
  set(key: string, value: Record<string, string>): Promise<void>
}

const settingKey = 'sshHostKeys'
const stored = z.record(z.string(), z.string())

export function hostKeys(settings: Kept): HostKeys {
  const changing = inTurn()
  const read = async () => stored.safeParse(await settings.get(settingKey)).data ?? {}
  return {
    get: async (server) => (await read())[server],
    set: (server, fingerprint) =>
      changing(async () => settings.set(settingKey, { ...(await read()), [server]: fingerprint })),
    forget: (server) =>
      changing(async () => {
        const { [server]: _gone, ...others } = await read()
        await settings.set(settingKey, others)
      }),
  }
}

export const serverName = ({ host, port = 22 }: Pick<TunnelConfig, 'host' | 'port'>) => `${host.toLowerCase()}:${port}`

/** As OpenSSH writes it: `SHA256:…`. */
export const fingerprintOf = (key: Buffer) =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

interface Check {
  verify(key: Buffer, answer: (accept: boolean) => void): void
  /** Why the key was not accepted. */
  readonly failure: AppError | undefined
}

/** Accepts the key that the config names, else the one the server was first met with; that one is remembered. */
export function hostKeyCheck(config: TunnelConfig, known: HostKeys): Check {
  let failure: AppError | undefined
  const server = serverName(config)
  const judge = async (fingerprint: string): Promise<boolean> => {
    const expected = config.hostKey || (await known.get(server))
    if (expected === undefined) await known.set(server, fingerprint)
    if (expected === undefined || expected === fingerprint) return true
    failure = changed(server, expected, fingerprint)
    return false
  }
  return {
    verify: (key, answer) => {
      judge(fingerprintOf(key)).then(answer, (error: unknown) => {
        failure = error instanceof AppError ? error : new AppError('INTERNAL', String(error), { cause: error })
        answer(false)
      })
    },
    get failure() {
      return failure
    },
  }
}

const changed = (server: string, expected: string, now: string) =>
  new AppError(
    'CONNECTION_TUNNEL',
    `The SSH server ${server} shows another key than before: ${now} instead of ${expected}.`,
    {
      hint: 'Ask its administrator whether the key was changed. If it was not, someone may be in between: do not connect.',
      at: { field: 'tunnel.hostKey' },
    },
  )
