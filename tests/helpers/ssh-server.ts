import { generateKeyPairSync } from 'node:crypto'
import { connect } from 'node:net'
import ssh2 from 'ssh2'
import { listen } from './tls-proxy.ts'

/** A key pair as OpenSSH writes it. */
export function sshKeys(passphrase?: string): { private: string; public: string } {
  // In PEM form where a passphrase guards it: the library can read that, but cannot make the other one with a cheap cipher.
  if (passphrase === undefined) return ssh2.utils.generateKeyPairSync('ed25519')
  return ssh2.utils.generateKeyPairSync('ed25519', { passphrase, cipher: 'aes256-cbc', rounds: 1 })
}

export const hostKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

export interface SshServer extends AsyncDisposable {
  port: number
  /** Connections that it led on. */
  forwarded: { host: string; port: number }[]
}

interface Options {
  port?: number
  hostKey: string
  user: string
  password?: string
  /** In OpenSSH form. */
  publicKey?: string
  /** Refuses to lead on. */
  closed?: boolean
}

/** An SSH server that only forwards. */
export async function sshServer(options: Options): Promise<SshServer> {
  const clients = new Set<ssh2.Connection>()
  const forwarded: SshServer['forwarded'] = []
  const allowed = options.publicKey === undefined ? undefined : ssh2.utils.parseKey(options.publicKey)
  const server = new ssh2.Server({ hostKeys: [options.hostKey] }, (client) => {
    clients.add(client)
    client.on('error', () => undefined)
    client.on('close', () => clients.delete(client))
    client.on('authentication', (attempt) => {
      if (attempt.username !== options.user) return attempt.reject()
      if (attempt.method === 'password' && options.password !== undefined && attempt.password === options.password)
        return attempt.accept()
      if (attempt.method === 'publickey' && allowed && !(allowed instanceof Error)) {
        const known = allowed.getPublicSSH().equals(attempt.key.data)
        const signed =
          attempt.signature === undefined ||
          (attempt.blob !== undefined && allowed.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true)
        if (known && signed) return attempt.accept()
      }
      attempt.reject(['password', 'publickey'])
    })
    client.on('tcpip', (accept, reject, info) => {
      if (options.closed) return void reject()
      const upstream = connect(info.destPort, info.destIP)
      upstream.once('error', () => reject())
      upstream.once('connect', () => {
        forwarded.push({ host: info.destIP, port: info.destPort })
        upstream.removeAllListeners('error')
        upstream.on('error', () => upstream.destroy())
        const channel = accept()
        channel.on('error', () => upstream.destroy())
        channel.on('close', () => upstream.destroy())
        upstream.on('close', () => channel.end())
        upstream.pipe(channel).pipe(upstream)
      })
    })
  })
  const port = options.port === undefined ? await listen(server) : await listenAt(server, options.port)
  return {
    port,
    forwarded,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.end()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function listenAt(server: ssh2.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(port))
  })
}
