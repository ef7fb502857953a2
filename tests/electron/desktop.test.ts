import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type DesktopApp, noteRuntime, openDesktop } from '../helpers/electron.ts'

beforeAll(noteRuntime)

function folderOf(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-desktop-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content))
  return folder
}

const numbers = (name: string, count: number) => ({
  sluice: 1,
  name,
  nodes: {
    numbers: {
      kind: 'query',
      config: {
        connection: 'source',
        sql: `with recursive c(n) as (select 1 union all select n + 1 from c where n < ${count}) select n from c`,
      },
    },
  },
  edges: [],
  layout: { numbers: [0, 0] },
})

/** As the history in the workspace says. */
function statesOfRuns(home: string): unknown[] {
  const store = new DatabaseSync(join(home, 'workspace.db'), { readOnly: true })
  try {
    return store
      .prepare('select state from runs order by createdAt')
      .all()
      .map(({ state }) => state)
  } finally {
    store.close()
  }
}

/** Process id of the engine, as the runtime knows it. */
const enginePid = (app: DesktopApp) =>
  app.evaluate(({ app: main }) => main.getAppMetrics().find(({ name }) => name === 'Sluice engine')?.pid ?? 0)

/** Chooses from the application menu by command, once the page has said that it can be done. */
async function choose(app: DesktopApp, command: string): Promise<void> {
  const enabled = () => app.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.enabled, command)
  await expect.poll(enabled).toBe(true)
  await app.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.click(), command)
}

const menuIds = (app: DesktopApp) =>
  app.evaluate(({ Menu }) =>
    (Menu.getApplicationMenu()?.items ?? []).flatMap((item) => (item.submenu?.items ?? []).map(({ id }) => id)),
  )

const titleOf = (app: DesktopApp) => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())

it('opens with a sample and shows the rows of its run', async () => {
  await using app = await openDesktop()
  const { page, complaints } = app
  await page.getByRole('tab', { name: 'Airports' }).waitFor()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('status').getByText('Done').waitFor()
  await page.locator('.react-flow__node', { hasText: 'Names and places' }).click()
  await page.getByRole('gridcell', { name: 'Bay Springs' }).waitFor()
  expect(complaints).toEqual([])
})

describe('when the engine is killed while a pipeline runs', () => {
  it('keeps the window, calls the run crashed, and runs the next one', async () => {
    const folder = folderOf({
      'connections.json': { source: 'sqlite:source.db' },
      'slow.pipeline.json': numbers('Slow numbers', 1_000_000_000),
      'quick.pipeline.json': numbers('Quick numbers', 10),
    })
    new DatabaseSync(join(folder, 'source.db')).close()
    const args = [join(folder, 'quick.pipeline.json'), join(folder, 'slow.pipeline.json')]
    await using app = await openDesktop({ args })
    const { page, complaints } = app
    await page.getByRole('tab', { name: 'Slow numbers', selected: true }).waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('status').getByText('Running').first().waitFor()
    await expect.poll(() => statesOfRuns(app.home)).toEqual(['running'])
    const pid = await enginePid(app)
    process.kill(pid, 'SIGKILL')
    await page.getByRole('status').getByText('Crashed').first().waitFor()
    expect(await enginePid(app)).not.toBe(pid)
    await page.getByRole('tab', { name: 'Quick numbers' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('status').getByText('Done').first().waitFor()
    expect(complaints).toEqual([])
  })
})

describe('files', () => {
  it('opens those it is started with, and those of a later start, in one window', async () => {
    const folder = folderOf({ 'one.pipeline.json': numbers('One', 1), 'two.pipeline.json': numbers('Two', 2) })
    await using app = await openDesktop({ args: [join(folder, 'one.pipeline.json')] })
    await app.page.getByRole('tab', { name: 'One' }).waitFor()
    await expect(openDesktop({ home: app.home, args: [join(folder, 'two.pipeline.json')] })).rejects.toThrow()
    await app.page.getByRole('tab', { name: 'Two', selected: true }).waitFor()
    expect(await app.page.getByRole('tab', { name: 'Two' }).count()).toBe(1)
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('show in the title when they are open, without the mark of unsaved work', async () => {
    const folder = folderOf({ 'one.pipeline.json': numbers('One', 1) })
    const path = join(folder, 'one.pipeline.json')
    await using app = await openDesktop({ args: [path] })
    await expect.poll(() => titleOf(app)).toBe('One — Sluice')
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isDocumentEdited())).toBe(false)
  })

  it('open where they lie when they are dropped, and others leave the window as it is', async () => {
    const folder = folderOf({ 'dropped.pipeline.json': numbers('Dropped', 1), 'page.html': '<p>elsewhere' })
    await using app = await openDesktop()
    const { page } = app
    await page.getByRole('tab', { name: 'Airports' }).waitFor()
    const before = page.url()
    await app.drop([join(folder, 'page.html')], { x: 600, y: 300 })
    await page.getByText('is neither a pipeline nor a file with rows').waitFor()
    await app.drop([join(folder, 'dropped.pipeline.json')], { x: 600, y: 300 })
    await page.getByRole('tab', { name: 'Dropped', selected: true }).waitFor()
    await page.getByText(join(folder, 'dropped.pipeline.json')).first().waitFor()
    expect(page.url()).toBe(before)
    expect(app.complaints).toEqual([])
  })

  it('are chosen in the dialog of the system', async () => {
    const folder = folderOf({ 'chosen.pipeline.json': numbers('Chosen', 1) })
    await using app = await openDesktop()
    await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
    await app.evaluate(
      ({ dialog }, path) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
      },
      join(folder, 'chosen.pipeline.json'),
    )
    await choose(app, 'file.open')
    await app.page.getByRole('tab', { name: 'Chosen', selected: true }).waitFor()
  })

  it('are not opened when the dialog is cancelled', async () => {
    await using app = await openDesktop()
    await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
    await app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = async () => {
        Reflect.set(globalThis, 'asked', true)
        return { canceled: true, filePaths: [] }
      }
    })
    await choose(app, 'file.open')
    await expect.poll(() => app.evaluate(() => Reflect.get(globalThis, 'asked'))).toBe(true)
    expect(await app.page.getByRole('tab').count()).toBeGreaterThan(0)
    expect(app.complaints).toEqual([])
  })
})

describe('the menu', () => {
  let app: DesktopApp
  beforeAll(async () => {
    app = await openDesktop()
    await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  it('holds what the page can do, and shows keys without taking them', async () => {
    await expect.poll(() => menuIds(app)).toContain('run.all')
    const undo = await app.evaluate(({ Menu }) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById('edit.undo')
      return { enabled: item?.enabled, accelerator: item?.accelerator, taken: item?.registerAccelerator }
    })
    expect(undo).toEqual({ enabled: false, accelerator: 'CmdOrCtrl+Z', taken: false })
  })

  it('does a command once', async () => {
    const { page } = app
    const nodes = page.locator('.react-flow__node')
    await nodes.first().waitFor()
    const before = await nodes.count()
    await choose(app, 'edit.selectAll')
    await choose(app, 'edit.delete')
    await expect.poll(() => nodes.count()).toBe(0)
    await expect.poll(() => titleOf(app)).toContain('●')
    await choose(app, 'edit.undo')
    await expect.poll(() => nodes.count()).toBe(before)
    await expect.poll(() => titleOf(app)).not.toContain('●')
  })
})

describe('the window', () => {
  it('is where it was when it is opened again', async () => {
    const home = folderOf({})
    const place = { x: 111, y: 77, width: 1033, height: 717 }
    {
      await using app = await openDesktop({ home })
      await app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), place)
    }
    await using app = await openDesktop({ home })
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())).toEqual(
      place,
    )
  })

  it('asks before it closes over running work, and stays when told to', async () => {
    await using app = await openDesktop()
    await app.page.getByRole('tab', { name: 'Airports' }).click()
    await app.page.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()))
    const answer = (choice: number) =>
      app.evaluate(({ dialog, BrowserWindow }, given) => {
        dialog.showMessageBoxSync = () => {
          Reflect.set(globalThis, 'asked', given)
          return given
        }
        BrowserWindow.getAllWindows()[0]?.close()
      }, choice)
    await answer(1)
    await expect.poll(() => app.evaluate(() => Reflect.get(globalThis, 'asked'))).toBe(1)
    expect(await app.page.getByRole('tab', { name: 'Airports' }).isVisible()).toBe(true)
    await answer(0)
    await app.exited
  })

  it('offers to go on when its page dies', async () => {
    await using app = await openDesktop()
    await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
    await app.evaluate(({ dialog, BrowserWindow }) => {
      dialog.showMessageBox = async (...given: unknown[]) => {
        const options = given.at(-1)
        const message = typeof options === 'object' && options !== null ? Reflect.get(options, 'message') : undefined
        if (message !== 'The window stopped working.') throw new Error(String(message))
        return { response: 1, checkboxChecked: false }
      }
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer()
    })
    // The answer was to close it; without a window, Sluice ends.
    if (process.platform !== 'darwin') await app.exited
  })
})

describe('the end', () => {
  it('stops what runs and says so in its history', async () => {
    const folder = folderOf({
      'connections.json': { source: 'sqlite:source.db' },
      'slow.pipeline.json': numbers('Slow numbers', 1_000_000_000),
    })
    new DatabaseSync(join(folder, 'source.db')).close()
    const home = folderOf({})
    {
      await using app = await openDesktop({ home, args: [join(folder, 'slow.pipeline.json')] })
      await app.page.getByRole('tab', { name: 'Slow numbers', selected: true }).waitFor()
      await app.page.getByRole('button', { name: 'Run', exact: true }).click()
      await app.page.getByRole('status').getByText('Running').first().waitFor()
      const pid = await enginePid(app)
      await app.evaluate(({ app: main }) => {
        main.quit()
      })
      await app.exited
      expect(() => process.kill(pid, 0)).toThrow()
    }
    expect(statesOfRuns(home)).toEqual(['cancelled'])
  })
})
