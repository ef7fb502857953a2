import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import type { Api } from '../../shared/contract/index.ts'
import type { RunState } from '../../shared/run.ts'

export interface ServeClient extends Disposable {
  api: Api
  /** The code with which the server closed the socket. */
  closed: Promise<number>
}

/** Speaks the contract with a served Sluice as its page does, given the address it printed. */
export async function connectTo(url: string): Promise<ServeClient> {
  const { host, origin } = new URL(url)
  const { headers } = await fetch(url, { redirect: 'manual' })
  const key = headers.get('location')?.split('#key=')[1]
  const socket = new WebSocket(`ws://${host}/?key=${key}`, { origin })
  socket.binaryType = 'arraybuffer'
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  const websocket = {
    addEventListener: socket.addEventListener.bind(socket),
    removeEventListener: socket.removeEventListener.bind(socket),
    send: socket.send.bind(socket),
    get readyState() {
      return socket.readyState
    },
  }
  return {
    api: createORPCClient(new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket })),
    closed,
    [Symbol.dispose]: () => socket.terminate(),
  }
}

/** Resolves once the run has written rows; rejects when it ends before. */
export async function untilRowsFlow(api: Api, run: string): Promise<void> {
  for await (const event of await api.runs.watch({ run })) {
    if (event.type === 'progress' && Object.values(event.nodes).some(({ rowsOut }) => (rowsOut ?? 0) > 0)) return
  }
  throw new Error('The run ended before rows flowed.')
}

/** The state a run ends in. */
export async function endOf(api: Api, run: string): Promise<RunState> {
  for await (const _event of await api.runs.watch({ run }));
  return (await api.runs.show({ run })).state
}
