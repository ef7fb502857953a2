import { expect, it } from 'vitest'
import { openApp } from '../helpers/app.ts'

it('settings hold at once and in the next window', async () => {
  await using app = await openApp()
  const { page, complaints } = app
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  await page.keyboard.press('Control+,')
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click()
  await expect.poll(scheme).toBe('dark')
  await page.getByRole('radiogroup', { name: 'Run button' }).getByText('Deliver').click()
  const memory = page.getByRole('textbox', { name: 'Memory for a run (MB)' })
  // What the field shows is what holds: too little becomes the least, nothing leaves what was there.
  await memory.fill('5')
  await page.keyboard.press('Tab')
  await expect.poll(() => memory.inputValue()).toBe('128 MB')
  await memory.fill('')
  await page.keyboard.press('Tab')
  await expect.poll(() => memory.inputValue()).toBe('128 MB')
  await memory.fill('2048')
  await page.keyboard.press('Tab')
  await page.reload()
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  await expect.poll(scheme).toBe('dark')
  await page.keyboard.press('Control+,')
  expect(await memory.inputValue()).toBe('2,048 MB')
  expect(
    await page.getByRole('radiogroup', { name: 'Run button' }).getByRole('radio', { name: 'Deliver' }).isChecked(),
  ).toBe(true)
  expect(complaints).toEqual([])
})

it('what was set last is not lost with a page that is loaded anew before the engine heard of it', async () => {
  await using app = await openApp()
  const { page } = app
  let cut = false
  await page.routeWebSocket(/key=/, (socket) => {
    const engine = socket.connectToServer()
    socket.onMessage((message) => {
      if (!cut) engine.send(message)
    })
  })
  await page.reload()
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  const results = page.getByRole('button', { name: 'Results', exact: true })
  expect(await results.getAttribute('aria-pressed')).toBe('true')
  cut = true
  await page.keyboard.press('Control+j')
  await expect.poll(() => results.getAttribute('aria-pressed')).toBe('false')
  await page.keyboard.press('Control+,')
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click()
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)
  await expect.poll(scheme).toBe('dark')
  await page.reload({ waitUntil: 'commit' })
  cut = false
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  await expect.poll(() => results.getAttribute('aria-pressed')).toBe('false')
  await expect.poll(scheme).toBe('dark')
  // The workspace has it, too: another window shows it.
  await using other = await openApp({ server: app.server })
  await other.page.getByRole('tab', { name: 'Airports' }).waitFor()
  await expect.poll(() => other.page.evaluate(() => document.documentElement.dataset.mantineColorScheme)).toBe('dark')
})

it('density holds on every screen', async () => {
  await using app = await openApp()
  const { page, complaints } = app
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  await page.keyboard.press('F5')
  await page.getByRole('status').getByText('Done').waitFor()
  const heights = async () => {
    const found: Record<string, number | undefined> = {}
    const measure = async (name: string, part: ReturnType<typeof page.locator>) => {
      // A cell that is drawn anew just then has no height.
      await expect
        .poll(async () => {
          found[name] = (await part.first().boundingBox())?.height
          return found[name]
        })
        .toBeDefined()
    }
    await page.getByRole('button', { name: 'Pipelines', exact: true }).click()
    await measure('palette', page.getByRole('tabpanel', { name: 'Nodes' }).getByRole('button', { name: 'Filter' }))
    await measure('grid', page.getByRole('gridcell'))
    await measure('columns', page.getByRole('region', { name: 'Columns' }).getByRole('row'))
    await page.getByRole('button', { name: 'Runs', exact: true }).click()
    await measure('runs', page.getByRole('region', { name: 'Runs' }).getByRole('cell'))
    await page.getByRole('button', { name: 'Connections', exact: true }).click()
    await measure('connections', page.getByRole('listitem').filter({ hasText: 'sample' }))
    return found
  }
  // A grid that has just come still has rows of another height than its own.
  await expect.poll(async () => (await heights()).grid ?? Number.POSITIVE_INFINITY).toBeLessThan(30)
  const compact = await heights()
  await page.keyboard.press('Control+,')
  await page.getByRole('radiogroup', { name: 'Density' }).getByText('Comfortable').click()
  // The grid takes its new height a moment after the page has its own.
  const notHigher = async () => {
    const comfortable = await heights()
    return Object.keys(compact).filter(
      (part) => !((comfortable[part] ?? 0) > (compact[part] ?? Number.POSITIVE_INFINITY)),
    )
  }
  await expect.poll(notHigher).toEqual([])
  expect(complaints).toEqual([])
})

it('kept rows are counted, and cleared when the user is sure', async () => {
  await using app = await openApp()
  const { page, complaints } = app
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  await page.keyboard.press('F5')
  await page.getByRole('status').getByText('Done').waitFor()
  await page.keyboard.press('Control+,')
  await page.getByText(/in 1 run$/).waitFor()
  await page.getByRole('button', { name: 'Clear kept rows' }).click()
  const question = page.getByRole('dialog', { name: 'Clear kept rows?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText(/in 1 run$/).waitFor()
  await page.getByRole('button', { name: 'Clear kept rows' }).click()
  await question.getByRole('button', { name: 'Clear' }).click()
  await page.getByText('0 B in 0 runs').waitFor()
  expect(complaints).toEqual([])
})
