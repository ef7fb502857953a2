import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { Api } from '../../shared/contract/index.ts'
import { AppError, type ErrorReport, errorCodes, toAppError } from '../../shared/errors.ts'
import { useLink } from '../stores/link.ts'
import { onDesktop } from './desktop.ts'
import { pageKey } from './key.ts'

type Link = Pick<SocketLink<Record<never, never>>, 'call'>

let arriving = Promise.withResolvers<Link>()

/** Calls go to whichever engine process answers now; one that is called while none does waits for the next. */
export const api: Api = createORPCClient({
  call: async (path, input, options) => {
    const link = await arriving.promise
    return link.call(path, input, options)
  },
})

if (onDesktop()) takePorts()
else openSocket()

/** The desktop hands a port to each page, and another whenever the engine process was started anew. */
function takePorts(): void {
  let latest: MessagePort | undefined
  addEventListener('message', (event) => {
    const [port] = event.ports
    if (event.source !== window || event.data !== 'sluice:port' || !port) return
    // Whoever waits for the engine that is gone learns it from this event, which may not have come.
    latest?.dispatchEvent(new Event('close'))
    latest = port
    port.addEventListener('close', () => {
      if (port !== latest) return
      latest = undefined
      lost()
    })
    port.start()
    joined(new PortLink({ port }))
  })
  window.postMessage('sluice:ready', '/')
}

function openSocket(wait = 50): void {
  const key = pageKey()
  if (key === null) return refused()
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/?key=${key}`)
  socket.binaryType = 'arraybuffer'
  let opened = false
  socket.addEventListener('open', () => {
    opened = true
    joined(new SocketLink({ websocket: socket }))
  })
  socket.addEventListener('close', () => {
    if (opened) lost()
    setTimeout(() => openSocket(opened ? 50 : Math.min(wait * 2, 2_000)), opened ? 0 : wait)
  })
}

function joined(link: Link): void {
  arriving.resolve(link)
  useLink.getState().joined()
}

function lost(): void {
  arriving = Promise.withResolvers()
  useLink.getState().lost()
}

function refused(): void {
  arriving.promise.catch(() => undefined)
  arriving.reject(
    new AppError('CONNECTION_AUTH', 'This tab was opened without the key to Sluice.', {
      hint: 'Open the address that Sluice printed when it started.',
    }),
  )
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
