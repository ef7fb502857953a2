import { readFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { resolve } from 'node:path'
import type { Client, ConnectConfig } from 'ssh2'
import type { TunnelConfig } from '../../shared/connections.ts'
import { AppError } from '../../shared/errors.ts'
import type { Route } from '../dialects/dialect.ts'
import { keyError, sshError, targetError } from './tunnel-errors.ts'
import { type HostKeys, hostKeyCheck } from './tunnel-host-key.ts'

/** An open way through an SSH server. */
export interface Tunnel extends AsyncDisposable {
  /** A port of this machine that leads to the database. */
  readonly route: Route
  /** Why the last connection through it came to nothing; undefined when it did not. */
  readonly failure: AppError | undefined
  close(): Promise<void>
}

export interface TunnelOptions {
  /** Anchors the path of a key. */
  folder: string
  hostKeys: HostKeys
  env: Readonly<Record<string, string | undefined>>
  signal?: AbortSignal | undefined
}

/** Milliseconds that the SSH server has to let us in. */
const patience = 10_000

/** Opens a way to `target` as the SSH server reaches it. @throws AppError CONNECTION_TUNNEL, RUN_CANCELLED */
export async function openTunnel(config: TunnelConfig, target: Route, options: TunnelOptions): Promise<Tunnel> {
  const login = await loginOf(config, options)
  let client = await connect(config, login, options)
  let gone = false
  const lost = () => {
    gone = true
  }
  client.once('close', lost)
  let failure: AppError | undefined
  const open = new Set<Socket>()
  const server = createServer(async (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    try {
      if (gone) {
        // The SSH server hung up in between, as after a long pause.
        client = await connect(config, login, { ...options, signal: undefined })
        gone = false
        client.once('close', lost)
      }
      const channel = await forward(client, target)
      failure = undefined
      channel.on('error', () => socket.destroy())
      channel.on('close', () => socket.destroy())
      socket.on('close', () => channel.destroy())
      socket.pipe(channel).pipe(socket)
    } catch (error) {
      failure = error instanceof AppError ? error : targetError(error, config, target)
      socket.destroy()
    }
  })
  const close = async () => {
    for (const socket of open) socket.destroy()
    client.end()
    await new Promise<void>((done) => server.close(() => done()))
  }
  return {
    route: { host: '127.0.0.1', port: await listen(server) },
    get failure() {
      return failure
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function loginOf(config: TunnelConfig, { folder, env }: TunnelOptions): Promise<ConnectConfig> {
  const { user, password, key, passphrase, agent } = config
  const socket =
    process.platform === 'win32' ? (env.SSH_AUTH_SOCK ?? '\\\\.\\pipe\\openssh-ssh-agent') : env.SSH_AUTH_SOCK
  if (agent && !socket)
    throw keyError(
      'agent',
      'No SSH agent is running: SSH_AUTH_SOCK is not set.',
      'Start the agent and add a key to it, or log in with a key file or a password.',
    )
  return {
    username: user ?? env.USER ?? env.USERNAME ?? 'root',
    ...(password === undefined ? {} : { password, tryKeyboard: true }),
    ...(key ? { privateKey: await privateKey(key, passphrase, folder) } : {}),
    ...(key && passphrase !== undefined ? { passphrase } : {}),
    ...(agent && socket ? { agent: socket } : {}),
  }
}

/** @throws AppError CONNECTION_TUNNEL when the key cannot be read or opened */
async function privateKey(given: string, passphrase: string | undefined, folder: string): Promise<string> {
  const path = resolve(folder, given.replace(/^~(?=\/)/, process.env.HOME ?? '~'))
  const text = given.includes('-----BEGIN')
    ? given
    : await readFile(path, 'utf8').catch(() => {
        throw keyError('key', `The SSH key ${path} cannot be read.`, 'Check the path and the permissions of the file.')
      })
  const { utils } = await import('ssh2')
  const parsed = utils.parseKey(text, passphrase)
  if (!(parsed instanceof Error)) return text
  if (/passphrase/i.test(parsed.message) && passphrase === undefined)
    throw keyError('passphrase', 'The SSH key wants a passphrase.', 'Enter the passphrase of the key.')
  throw /passphrase|decrypt|integrity|bad/i.test(parsed.message) && passphrase !== undefined
    ? keyError('passphrase', 'The passphrase does not open the SSH key.', 'Enter the passphrase of the key again.')
    : keyError(
        'key',
        'The SSH key cannot be read: it is no private key that is known here.',
        'Give a private key in OpenSSH or PEM form, not the .pub file.',
      )
}

function connect(config: TunnelConfig, login: ConnectConfig, { hostKeys, signal }: TunnelOptions): Promise<Client> {
  return new Promise((resolve, reject) => {
    const begin = async () => {
      const { Client } = await import('ssh2')
      const client = new Client()
      const check = hostKeyCheck(config, hostKeys)
      const stop = () => {
        client.destroy()
        reject(new AppError('RUN_CANCELLED', 'Connecting was stopped.'))
      }
      if (signal?.aborted) return stop()
      signal?.addEventListener('abort', stop, { once: true })
      const settled = () => signal?.removeEventListener('abort', stop)
      client.once('ready', () => {
        settled()
        // What goes wrong later shows as a lost connection of the database.
        client.on('error', () => undefined)
        resolve(client)
      })
      client.once('error', (error) => {
        settled()
        client.on('error', () => undefined)
        client.end()
        reject(check.failure ?? sshError(error, config))
      })
      client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) =>
        finish(prompts.map(() => config.password ?? '')),
      )
      client.connect({
        host: config.host,
        port: config.port ?? 22,
        readyTimeout: patience,
        keepaliveInterval: 15_000,
        hostVerifier: check.verify,
        ...login,
      })
    }
    begin().catch(reject)
  })
}

function forward(client: Client, target: Route) {
  return new Promise<import('ssh2').ClientChannel>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, target.host, target.port, (error, channel) =>
      error ? reject(error) : resolve(channel),
    )
  })
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address) resolve(address.port)
      else reject(new AppError('INTERNAL', 'The tunnel got no port.'))
    })
    server.unref()
  })
}
