import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { Api } from '../../shared/contract/index.ts'
import { AppError, type ErrorReport, errorCodes, toAppError } from '../../shared/errors.ts'
import { useLink } from '../stores/link.ts'

/** Calls go to whichever engine process answers now; one that is called while none does waits for the next. */
export const api: Api = createORPCClient({
  call: async (path, input, options) => {
    const link = await current
    return link.call(path, input, options)
  },
})

type Link = Pick<SocketLink<Record<never, never>>, 'call'>

let current: Promise<Link> = connect()

function connect(): Promise<Link> {
  return location.protocol === 'app:' ? connectPort() : connectSocket()
}

/** The desktop hands a port to each page, and another whenever the engine process was started anew. */
function connectPort(): Promise<Link> {
  return new Promise((resolve) => {
    addEventListener('message', (event) => {
      const [port] = event.ports
      if (event.source !== window || event.data !== 'sluice:port' || !port) return
      port.start()
      const link = new PortLink({ port })
      resolve(link)
      current = Promise.resolve(link)
      useLink.getState().joined()
    })
    window.postMessage('sluice:ready', location.origin)
  })
}

function connectSocket(): Promise<Link> {
  return new Promise((resolve) => {
    let wait = 50
    const open = () => {
      const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/`)
      socket.binaryType = 'arraybuffer'
      socket.addEventListener('open', () => {
        wait = 50
        resolve(new SocketLink({ websocket: socket }))
        useLink.getState().joined()
      })
      let opened = false
      socket.addEventListener('open', () => {
        opened = true
      })
      socket.addEventListener('close', () => {
        if (opened) {
          useLink.getState().lost()
          current = connectSocket()
        } else {
          wait = Math.min(wait * 2, 2_000)
          setTimeout(open, wait)
        }
      })
    }
    open()
  })
}

/** Whatever a call threw, as the error that the engine reported. */
export function asAppError(thrown: unknown): AppError {
  if (!(thrown instanceof ORPCError)) return toAppError(thrown)
  const data: unknown = thrown.data
  if (isReport(data)) return AppError.from(data)
  if (thrown.code === 'BAD_REQUEST') return new AppError('CONFIG_INVALID', thrown.message, { cause: thrown })
  return new AppError('INTERNAL', thrown.message, { cause: thrown })
}

function isReport(data: unknown): data is ErrorReport {
  return (
    typeof data === 'object' &&
    data !== null &&
    'code' in data &&
    'message' in data &&
    errorCodes.some((code) => code === data.code)
  )
}
