import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { WebSocketServer } from 'ws'
import { AppError } from '../../../shared/errors.ts'
import { engineScript, forkEngine } from '../engine/fork.ts'
import { Supervisor } from '../engine/supervisor.ts'
import { Gate } from './gate.ts'
import { servePage } from './page.ts'

export interface ServeOptions {
  /** 0: any free one. */
  port: number
  /** Folder of the built page. */
  page: string
  say(line: string): void
}

export interface Served {
  /** With the token of this launch; whoever has it may do all that the user may. */
  url: string
  port: number
  enginePid(): number | undefined
  close(): Promise<void>
}

/**
 * Serves the screen on this machine alone: the page over HTTP, the contract over a WebSocket, the engine in a process of its own.
 * @throws AppError CONFIG_INVALID when the port is taken
 */
export async function serve({ port, page, say }: ServeOptions): Promise<Served> {
  const token = randomBytes(24).toString('base64url')
  const supervisor = new Supervisor({
    launch: () => forkEngine(engineScript()),
    start: { kind: 'browser' },
    actions: {
      pick: async () => {
        throw new AppError('INTERNAL', 'There are no file dialogs of the system in a browser.')
      },
      openExternal: async () => {
        throw new AppError('INTERNAL', 'A browser opens pages itself.')
      },
      title: () => undefined,
      menu: () => undefined,
    },
    onCrash: () => say('The engine stopped unexpectedly and starts again.'),
  })
  const server = createServer()
  const bound = await listen(server, port)
  const gate = new Gate(bound, token)
  server.on('request', (request, response) => {
    if (!gate.admitsPage(request)) return void response.writeHead(403).end()
    servePage(page, gate, request, response)
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 2 ** 20 })
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (!gate.admitsSocket(request)) return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const link = supervisor.join(
        (data) => opened.send(data),
        () => opened.close(1012),
      )
      opened.on('message', (data, binary) => link.send(binary ? bytesOf(data) : String(data)))
      opened.on('close', () => link.leave())
      opened.on('error', () => opened.terminate())
    })
  })
  supervisor.wake()
  return {
    url: `http://127.0.0.1:${bound}/?token=${token}`,
    port: bound,
    enginePid: () => supervisor.wake(),
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
      await supervisor.end()
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('CONFIG_INVALID', `Port ${port} is taken.`, {
          hint: 'Choose another with --port, or none.',
          cause,
        }),
      ),
    )
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data))
}
