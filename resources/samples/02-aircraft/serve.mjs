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

server.listen(Number(process.argv[2] ?? 8402), '127.0.0.1', () => {
  process.stdout.write(`Departures at http://127.0.0.1:${server.address().port}/departures\n`)
})
