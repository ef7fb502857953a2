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
  const times: number[] = []
  for (const text of ['payments_471', 'customers', 'stock_4']) {
    await search.fill('')
    for (const letter of text) {
      const shown = page.evaluate(untilFound)
      await page.keyboard.press(letter)
      times.push(await shown)
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

/** In the page: from the next letter to the frame in which all of what is typed is marked in the tree. */
function untilFound(): Promise<number> {
  return new Promise((resolve) => {
    const onInput = ({ target, timeStamp }: Event) => {
      const typed = target instanceof HTMLInputElement ? target.value : ''
      const look = () => {
        const found = document.querySelector('[role="tree"] mark')?.textContent === typed
        requestAnimationFrame(found ? () => resolve(performance.now() - timeStamp) : look)
      }
      look()
    }
    addEventListener('input', onInput, { capture: true, once: true })
  })
}
