import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { openWorkbench, pickConnection, showWorkbench } from './workbench-page.ts'

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

it('a query that runs is asked about before its tab is closed, with what becomes of its transaction', async () => {
  await using bench = await openWorkbench()
  const { page, app } = bench
  const tab = page.getByRole('tab', { name: /^Query 1/ })
  const question = page.getByRole('dialog')
  await page.getByRole('switch', { name: 'Commit by hand' }).click()
  await bench.write("update items set name = 'held' where id = 1")
  await page.keyboard.press('Control+Enter')
  await page.getByRole('region', { name: 'Transaction' }).getByText('A transaction is open').waitFor()
  await bench.write('with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
  await tab.press('Delete')
  await question.getByText('What it runs is stopped, and its transaction is rolled back.').waitFor()
  await page.keyboard.press('Escape')
  await question.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
  await tab.press('Delete')
  await question.getByRole('button', { name: 'Stop and close' }).click()
  await tab.waitFor({ state: 'detached' })
  await expect.poll(() => bench.ask('select name from items where id = 1')).toBe('one')
  // Nothing is left that holds the file.
  await expect.poll(() => told(() => bench.tell("update items set name = 'free' where id = 1"))).toBe(true)
  expect(app.complaints).toEqual([])
})

/** Whether something could be done. */
function told(work: () => void): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}
