import { connect, createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** A certificate that signs itself for localhost, and its key; good for nothing but these tests. */
export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOxBks2NsFe2pDV0
1AM9pttypNX33w7OXaUcIHNQT7s0LAGXuO37g6uEyRtSrjZcTEzW3JYRUOw+nZeg
BYGqfoOjTjBMMA8GA1UdEwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0
hwR/AAABMB0GA1UdDgQWBBShmXgtQp+WWNxSyr5A7iguz12gAzAKBggqhkjOPQQD
AgNIADBFAiB+tl2Z1qNFWGy2xNSNh2Wqclh+/PnSESJMAC4eCmwYsQIhALYB5lui
wAxYtVEZROpRv5Ql4MKJ3VuUC4MeN3ciW444
-----END CERTIFICATE-----
`
export const testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjIMuT+IvnHZSVvvp
gI78tQ5c2sMYWruZwSB8l1dOTVehRANCAATsQZLNjbBXtqQ1dNQDPabbcqTV998O
zl2lHCBzUE+7NCwBl7jt+4OrhMkbUq42XExM1tyWEVDsPp2XoAWBqn6D
-----END PRIVATE KEY-----
`

const TLS_REQUEST = 80877103

/** A refusal as a server that demands encryption words it. */
export const refusal = errorResponse({
  S: 'FATAL',
  V: 'FATAL',
  C: '28000',
  M: 'no pg_hba.conf entry for host "127.0.0.1", user "u", database "d", no encryption',
})

export interface TlsProxy extends AsyncDisposable {
  port: number
  /** Connections that asked for encryption. */
  encrypted: number
}

/** Stands before a server that does not encrypt: offers TLS, and turns away whoever does not ask for it. */
export async function tlsProxy(target: { host: string; port: number }): Promise<TlsProxy> {
  const open = new Set<Socket>()
  const track = (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
  }
  const server = createServer((socket) => {
    track(socket)
    socket.once('data', (first: Buffer) => {
      if (first.length !== 8 || first.readInt32BE(4) !== TLS_REQUEST) return void socket.end(refusal)
      proxy.encrypted++
      socket.write('S')
      const secure = new TLSSocket(socket, { isServer: true, cert: testCertificate, key: testKey })
      const upstream = connect(target.port, target.host)
      track(upstream)
      secure.on('error', () => socket.destroy())
      upstream.on('close', () => socket.destroy())
      socket.on('close', () => upstream.destroy())
      secure.pipe(upstream).pipe(secure)
    })
  })
  const proxy: TlsProxy = {
    port: await listen(server),
    encrypted: 0,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
  return proxy
}

/** The port that a server got on the loopback. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address) resolve(address.port)
      else reject(new Error('The server has no port.'))
    })
  })
}

function errorResponse(fields: Record<string, string>): Buffer {
  const body = Buffer.from(
    `${Object.entries(fields)
      .map(([key, value]) => `${key}${value}\0`)
      .join('')}\0`,
  )
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
