import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { pickConnection, showWorkbench } from './workbench-page.ts'

it('a query that is stopped while its database does not answer is told as stopped, not as failed', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.resume()
  }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const home = mkdtempSync(join(tmpdir(), 'sluice-stop-'))
  writeFileSync(join(home, 'connections.json'), JSON.stringify({ far: `postgres://etl@127.0.0.1:${port}/lake` }))
  try {
    await using app = await openApp({ home })
    const { page } = app
    await showWorkbench(page)
    await pickConnection(page, 'far')
    await page.getByRole('textbox', { name: /^SQL of/ }).click()
    await page.keyboard.insertText('select 1 as one')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    const messages = page.getByRole('list', { name: 'Messages' })
    await messages.getByText(/^Stopped after/).waitFor()
    expect(await messages.getByRole('alert').count()).toBe(0)
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    expect(app.complaints).toEqual([])
  } finally {
    for (const socket of sockets) socket.destroy()
    silent.close()
    rmSync(home, { recursive: true, force: true })
  }
})
