// The live service of this sample: departures, page by page. `node serve.mjs [port]`; Ctrl-C ends it.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const departures = JSON.parse(readFileSync(new URL('data/departures.json', import.meta.url), 'utf8'))

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  if (request.method !== 'GET' || pathname !== '/departures') return answer(response, 404, { error: 'not found' })
  const page = Math.max(1, Number(searchParams.get('page') ?? 1))
  const size = Math.max(1, Number(searchParams.get('size') ?? 100))
  const end = page * size
  answer(response, 200, { departures: departures.slice(end - size, end), more: end < departures.length })
})

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Listens on this machine only; rejects when the port is taken. */
export function serve(port = 8402) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

if (import.meta.main) {
  await serve(process.argv[2] === undefined ? undefined : Number(process.argv[2]))
  process.stdout.write(`Departures at http://127.0.0.1:${server.address().port}/departures\n`)
} else server.unref()
