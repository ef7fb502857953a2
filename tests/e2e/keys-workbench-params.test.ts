import type { Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { focused } from './keys.ts'
import { KeysBench } from './keys-workbench-page.ts'
import { openWorkbench, type Workbench } from './workbench-page.ts'

/** Values of parameters, and what keys say where they can do nothing. Each test has a query of its own. */
let bench: Workbench
let page: Page
let keys: KeysBench
beforeAll(async () => {
  bench = await openWorkbench({ viewport: { width: 1024, height: 700 } })
  page = bench.page
  keys = new KeysBench(page)
})
afterAll(async () => {
  expect(bench.app.complaints).toEqual([])
  await bench[Symbol.asyncDispose]()
})
beforeEach(() => keys.begin())

const eventually = <T>(get: () => Promise<T>) => expect.poll(get)

test('the empty text and NULL are chosen, and what is asked for is read', async () => {
  bench.tell("create table blanks (id integer primary key, a text); insert into blanks values (1, ''), (2, null)")
  await keys.run('select id from blanks where a is :a or :b > 9 or :c > 9 or :longer > 9 or :more > 9')
  const value = page.getByRole('textbox', { name: 'Value of a' })
  await focused(value)
  await page.getByText('Type it, or choose “empty text” or “NULL”.').waitFor()
  for (const name of ['a', 'b', 'c', 'longer', 'more']) {
    await focused(page.getByRole('textbox', { name: `Value of ${name}` }))
    await page.keyboard.press('Tab')
    await page.keyboard.type(name === 'a' ? 'empty' : 'NULL')
    await eventually(() => page.getByLabel(`Type of ${name}`).inputValue()).toMatch(/^(?:empty text|NULL)$/)
    await page.keyboard.press('Control+Enter')
  }
  await keys.result('Result 1 (1)').waitFor()
  await eventually(() => keys.cell(0, 0).textContent()).toBe('1')
})

test('a parameter whose message does not fit below is scrolled to', async () => {
  await keys.run('select :a as a, :b as b, :c as c, :longer as d, :more as e, :most as f')
  for (const name of ['a', 'b', 'c', 'longer', 'more']) await page.getByLabel(`Type of ${name}`).selectOption('NULL')
  await page.getByLabel('Type of most').selectOption('int')
  const message = page.getByRole('region', { name: 'Parameters' }).getByRole('alert')
  await eventually(() =>
    message.evaluate((element) => {
      const { bottom = 0 } = element.closest('section')?.getBoundingClientRect() ?? {}
      return element.getBoundingClientRect().bottom <= bottom
    }),
  ).toBe(true)
})

test('SQLite says that it cannot tell how a statement went', async () => {
  await keys.write('select 1')
  await page.keyboard.press('Control+Shift+e')
  await page.getByText('SQLite cannot tell how a statement went.').waitFor()
})
