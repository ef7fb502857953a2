/**
 * `npm run dev`: the screen in a browser, from the sources. Changes of the screen show at once; changes of what the engine process runs start
 * another one. What lets requests in is the same as in `sluice serve`. Changes of the server itself need another start.
 */
import { type FSWatcher, watch } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'
import { type Served, serve } from '../src-main/hosts/server/serve.ts'
import { root } from './build.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Vite tells pages of changes over a socket on a port of its own, with a token of its own. */
const news = createHttpServer()
await new Promise<void>((resolve) => news.listen(0, '127.0.0.1', resolve))
const vite = await createServer({
  root: join(root, 'src-renderer'),
  configFile: false,
  plugins: [react()],
  appType: 'spa',
  server: { middlewareMode: true, hmr: { server: news, host: '127.0.0.1', clientPort: portOf(news) } },
})
const served = await serve({
  port: Number(process.env.PORT ?? 0),
  page: (request, response) => vite.middlewares(request, response),
  onCrash: () => say('The engine stopped unexpectedly and starts again.'),
})
say(served.url)

const watchers = [follow('src-main'), follow('shared')]
const end = async () => {
  for (const watcher of watchers) watcher.close()
  await Promise.all([served.close(), vite.close()])
  process.exit(0)
}
process.once('SIGINT', end)
process.once('SIGTERM', end)

/** Starts the engine anew, once for the many changes that one save can be. */
function follow(folder: string): FSWatcher {
  return watch(join(root, folder), { recursive: true }, (_event, name) => {
    if (name?.endsWith('.ts')) restartSoon(served, name)
  })
}

let soon: NodeJS.Timeout | undefined
function restartSoon(running: Served, changed: string): void {
  clearTimeout(soon)
  soon = setTimeout(() => {
    say(`${changed} changed; the engine starts anew.`)
    running.restartEngine()
  }, 200)
}

function portOf(server: ReturnType<typeof createHttpServer>): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
