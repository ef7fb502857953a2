import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pickConnection, showWorkbench } from '../../e2e/workbench-page.ts'
import { openApp } from '../../helpers/app.ts'
import { serveSubjects } from './served.ts'

const words = ['orders', 'customers', 'invoices', 'payments', 'stock']

/** Milliseconds from each letter typed into the search of a tree of so many tables until a frame shows what was found. */
export async function measureTableSearch(tables: number): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-tables-'))
  const file = join(folder, 'many.db')
  fill(file, tables)
  await using served = await serveSubjects([{ name: 'SQLite', url: `sqlite:${file}` }])
  await using app = await openApp({ server: served.server })
  const { page } = app
  await showWorkbench(page)
  await pickConnection(page, 'SQLite')
  await page.getByRole('tree').getByRole('treeitem').first().waitFor()
  const search = page.getByRole('searchbox', { name: 'Search tables' })
  await search.click()
  await page.evaluate(tellWhenFound)
  const times: number[] = []
  for (const text of ['payments_471', 'customers', 'stock_4']) {
    await search.fill('')
    for (let length = 1; length <= text.length; length++) {
      await page.keyboard.press(text.charAt(length - 1))
      const found = await page.waitForFunction(
        (typed) => {
          const { benchTyped, benchFound } = document.body.dataset
          return benchTyped === typed ? benchFound : undefined
        },
        text.slice(0, length),
      )
      times.push(Number(await found.jsonValue()))
    }
  }
  rmSync(folder, { recursive: true })
  return times
}

function fill(file: string, tables: number): void {
  const database = new DatabaseSync(file)
  database.exec('begin')
  for (let at = 0; at < tables; at++) {
    database.exec(`create table ${words[at % words.length]}_${at} (id integer primary key, name text, total real)`)
  }
  database.exec('commit')
  database.close()
}

/** In the page: tells, for each letter, how long it took to the frame in which all of what is typed is marked in the tree. */
function tellWhenFound(): void {
  addEventListener(
    'input',
    ({ target, timeStamp }) => {
      const typed = target instanceof HTMLInputElement ? target.value : ''
      const look = () => {
        if (document.querySelector('[role="tree"] mark')?.textContent !== typed) requestAnimationFrame(look)
        // Once the frame has been drawn.
        else setTimeout(tell)
      }
      const tell = () =>
        Object.assign(document.body.dataset, { benchTyped: typed, benchFound: String(performance.now() - timeStamp) })
      requestAnimationFrame(look)
    },
    { capture: true },
  )
}
