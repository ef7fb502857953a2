import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'
import { adminQuery, provisionPostgres } from '../helpers/postgres.ts'
import { pickConnection, showWorkbench } from './workbench-page.ts'

it('a transaction that goes with its connection is told, and a click goes on', async () => {
  const server = await provisionPostgres()
  if ('missing' in server) throw new Error(server.missing)
  const home = mkdtempSync(join(tmpdir(), 'sluice-trouble-'))
  writeFileSync(join(home, 'connections.json'), JSON.stringify({ lake: server.url }))
  try {
    await using app = await openApp({ home })
    const { page } = app
    await showWorkbench(page)
    await pickConnection(page, 'lake')
    const run = async (sql: string) => {
      await page.getByRole('textbox', { name: /^SQL of/ }).click()
      await page.keyboard.press('Control+a')
      await page.keyboard.insertText(sql)
      await page.keyboard.press('Control+Enter')
    }
    await page.getByRole('switch', { name: 'Commit by hand' }).click()
    await run('create table kept (id int)')
    const bar = page.getByRole('region', { name: 'Transaction' })
    await bar.getByText('A transaction is open').waitFor()
    await adminQuery(
      server.adminUrl,
      "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'",
    )
    await run('select 1 as one')
    await bar.getByText('The connection was lost, and the transaction with it.').waitFor()
    await page.getByRole('list', { name: 'Messages' }).getByText('Reconnect to go on.').waitFor()
    await bar.getByRole('button', { name: 'Reconnect' }).click()
    await bar.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('tab', { name: 'Result 1 (1)', selected: true }).waitFor()
    expect(app.complaints).toEqual([])
  } finally {
    await server.stop()
    rmSync(home, { recursive: true, force: true })
  }
})

/** As a laptop's sleep looks to the engine process: for a while it is not there, and then time has passed. */
it('an engine process that slept goes on where it was', async () => {
  const server = await provisionPostgres()
  if ('missing' in server) throw new Error(server.missing)
  const home = mkdtempSync(join(tmpdir(), 'sluice-sleep-'))
  writeFileSync(join(home, 'connections.json'), JSON.stringify({ lake: server.url }))
  try {
    await using app = await openApp({ home })
    const { page } = app
    await showWorkbench(page)
    await pickConnection(page, 'lake')
    await page.getByRole('textbox', { name: /^SQL of/ }).click()
    await page.keyboard.insertText('create temp table kept as select 7 as seven; select * from kept')
    await page.keyboard.press('Control+Shift+Enter')
    await page.getByRole('tab', { name: 'Result 1 (1)', selected: true }).waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    const engine = Number(
      execFileSync('pgrep', ['-P', String(app.server.pid), '-f', 'engine.js'], { encoding: 'utf8' }),
    )
    process.kill(engine, 'SIGSTOP')
    await page.getByRole('textbox', { name: /^SQL of/ }).click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('select seven + 1 as eight from kept')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    process.kill(engine, 'SIGCONT')
    // The session is the one before: its temporary table is there.
    await page.getByRole('gridcell', { name: '8', exact: true }).waitFor()
    expect(app.complaints).toEqual([])
  } finally {
    await server.stop()
    rmSync(home, { recursive: true, force: true })
  }
})

it('a new query does not go to production by itself', async () => {
  const home = mkdtempSync(join(tmpdir(), 'sluice-workbench-'))
  const connections = { ahead: { dialect: 'sqlite', file: join(home, 'ahead.db'), environment: 'production' } }
  writeFileSync(join(home, 'connections.json'), JSON.stringify(connections))
  try {
    await using app = await openApp({ home })
    const { page } = app
    await showWorkbench(page)
    const picker = page.getByRole('button', { name: /^Connection:/ })
    await expect.poll(() => picker.textContent()).toMatch(/^Connection: sample/)
    await picker.click()
    await page.getByRole('option').nth(1).waitFor()
    expect(await page.getByRole('option').nth(1).textContent()).toBe('aheadproduction')
    expect(await page.getByText('Production: statements change live data.').count()).toBe(0)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
