import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'
import { AppError } from '../../../shared/errors.ts'
import { engineScript, forkEngine } from '../engine/fork.ts'
import { Supervisor } from '../engine/supervisor.ts'
import { Gate } from './gate.ts'
import { commonHeaders, type ServePage } from './page.ts'

export interface ServeOptions {
  /** 0: any free one. */
  port: number
  page: ServePage
  /** The engine process has ended unasked, and another was started. */
  onCrash?(): void
}

export interface Served {
  /** With the token of this launch; whoever has it may do all that the user may. */
  url: string
  /** The same, good for one visit. */
  ticket(): string
  port: number
  /** Ends the engine process gently; pages join the next one. */
  restartEngine(): void
  close(): Promise<void>
}

// Imported, it would load its client as well, for a WebSocket class that a server has no use for: some 50 ms of each start.
const { createServer } = process.getBuiltinModule('node:http')

/** Bytes of one message from a page. A dropped file comes in pieces far below it. */
const maxMessage = 64 * 2 ** 20

/**
 * Serves the screen on this machine alone: the page over HTTP, the contract over a WebSocket, the engine in a process of its own.
 * @throws AppError CONFIG_INVALID when the port cannot be had
 */
export async function serve({ port, page, onCrash }: ServeOptions): Promise<Served> {
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
    ...(onCrash && { onCrash }),
  })
  const server = createServer()
  const bound = await listen(server, port)
  const gate = new Gate(bound)
  server.on('request', (request, response) => answer(gate, page, request, response))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessage })
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    socket.on('error', () => socket.destroy())
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
    url: gate.address,
    ticket: () => gate.ticket(),
    port: bound,
    restartEngine: () => supervisor.restart(),
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
      await supervisor.end()
    },
  }
}

function answer(gate: Gate, page: ServePage, request: IncomingMessage, response: ServerResponse): void {
  const welcome = gate.welcome(request)
  if (welcome) return void response.writeHead(303, { ...commonHeaders, ...welcome, 'Cache-Control': 'no-store' }).end()
  if (!gate.admitsPage(request)) return void response.writeHead(403).end()
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, commonHeaders).end()
  page(request, response)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE'
      const message = taken ? `Port ${port} is taken.` : `Port ${port} cannot be listened on (${cause.code}).`
      reject(new AppError('CONFIG_INVALID', message, { hint: 'Choose another with --port, or none.', cause }))
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data))
}
