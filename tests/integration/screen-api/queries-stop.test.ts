import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { queriesApi } from '../../helpers/queries-api.ts'

/** Takes connections and says nothing, as a server behind a broken network does. */
async function silentServer() {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    // A server must read to see that the other side goes.
    socket.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    sockets,
    connected: once(server, 'connection'),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

test.each(['postgres', 'mysql'])('Stop does not wait for a server that does not answer (%s)', async (scheme) => {
  await using server = await silentServer()
  await using api = await queriesApi({
    far: `${scheme}://user@127.0.0.1:${server.port}/db`,
    near: 'sqlite::memory:',
  })
  const running = api.run('select 1')
  const failed = expect(running).rejects.toMatchObject({ data: { code: 'RUN_CANCELLED' } })
  await server.connected
  await api.client.queries.stop({ session: 'tab' })
  await failed
  expect(await api.client.queries.state({ session: 'tab' })).toMatchObject({ transaction: 'idle', running: false })
  expect(await api.rows('select 2', { connection: 'near' })).toEqual([['2']])
})
