import type { Page } from 'playwright'
import { pickConnection, showWorkbench } from '../../e2e/workbench-page.ts'
import { openApp } from '../../helpers/app.ts'
import { type Subject, serveSubjects } from './served.ts'

/** The moment at which the database made a row, as milliseconds since 1970. */
const made = {
  Postgres: '(extract(epoch from clock_timestamp()) * 1000)::bigint',
  MariaDB: 'cast(unix_timestamp(sysdate(3)) * 1000 as signed)',
  SQLite: `cast((julianday('now') - 2440587.5) * 86400000 as integer)`,
} satisfies Record<Subject['name'], string>

export interface FirstRows {
  /** Milliseconds from the moment the database made the first row to the answer with it. */
  api: number[]
  /** The same, until it stands in the grid. */
  screen: number[]
}

/** How soon the first rows of a long query are there: each tells itself when the database made it. */
export async function measureFirstRows(subject: Subject, rounds: number): Promise<FirstRows> {
  await using served = await serveSubjects([subject])
  const sql = `select ${made[subject.name]} as made, t.* from t`
  const found: FirstRows = { api: [], screen: [] }
  for (let round = 0; round <= rounds; round++) {
    await served
      .run(subject.name, sql, async (event) => {
        if (event.type !== 'rows') return
        const source = { query: event.query, statement: event.statement }
        const { rows } = await served.client.api.results.window({ source, offset: 0, limit: 30 })
        if (round > 0) found.api.push(Date.now() - Number(rows[0]?.[0]))
        await served.stop()
      })
      .catch(() => undefined)
  }
  await using app = await openApp({ server: served.server })
  const { page } = app
  await showWorkbench(page)
  await pickConnection(page, subject.name)
  await page.getByRole('textbox', { name: /^SQL of/ }).click()
  await page.keyboard.insertText(sql)
  for (let round = 0; round <= rounds; round++) {
    const shown = page.evaluate(firstCell, Date.now())
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const ms = await shown
    if (round > 0) found.screen.push(ms)
    await stopInPage(page)
  }
  return found
}

async function stopInPage(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
}

/** In the page: waits for a row that was made after the given moment, and tells how long ago that was. */
function firstCell(since: number): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const cell = document.querySelector('[data-grid] [role="row"][row-index="0"] [role="gridcell"][col-id="0"]')
      const at = Number((cell?.textContent ?? '').replaceAll(/\D/g, ''))
      if (at >= since - 1) resolve(Date.now() - at)
      else requestAnimationFrame(look)
    }
    look()
  })
}
