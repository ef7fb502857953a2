// The search service of this sample. `node serve.mjs [port]`; Ctrl-C ends it.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const strikes = JSON.parse(readFileSync(new URL('data/strikes.json', import.meta.url), 'utf8'))

const server = createServer((request, response) => {
  if (request.method !== 'POST' || request.url !== '/strikes/search')
    return answer(response, 404, { error: 'not found' })
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (piece) => {
    text += piece
  })
  request.on('end', () => search(text, response))
})

/** Takes `{ "filter": { "state", "since" }, "size", "page" }` and gives `{ "data": { "items", "more", "total" } }`. */
function search(text, response) {
  let asked
  try {
    asked = JSON.parse(text)
  } catch {
    return answer(response, 400, { error: 'the body is not JSON' })
  }
  const { filter, size, page } = asked
  if (!Number.isInteger(size) || !Number.isInteger(page))
    return answer(response, 400, { error: 'size and page are whole numbers' })
  const found = strikes.filter(({ state, date }) => state === filter.state && date >= filter.since)
  const end = page * size
  answer(response, 200, {
    data: { items: found.slice(end - size, end), more: end < found.length, total: found.length },
  })
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Listens on this machine only; rejects when the port is taken. */
export function serve(port = 8403) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

if (import.meta.main) {
  await serve(process.argv[2] === undefined ? undefined : Number(process.argv[2]))
  process.stdout.write(`Strike reports at http://127.0.0.1:${server.address().port}/strikes/search\n`)
} else server.unref()
