import type { Page } from 'playwright'
import { type App, openApp } from '../helpers/app.ts'

type Options = Parameters<typeof openApp>[0]

/** Opens the product at its screen of connections. */
export async function openConnections(options: Options = {}): Promise<App> {
  const app = await openApp(options)
  await goToConnections(app.page)
  return app
}

export async function goToConnections(page: Page): Promise<void> {
  // The first pipeline opens by itself and would take the window back.
  await page.getByRole('tab').first().waitFor()
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Connections' }).click()
  await page.getByRole('heading', { name: 'Connections' }).waitFor()
}

export const newForm = (page: Page) => page.getByRole('form', { name: 'New connection' })
export const formOf = (page: Page, name: string) => page.getByRole('form', { name: `Connection ${name}`, exact: true })
export const cardOf = (page: Page, name: string) => page.locator(`[data-connection=${JSON.stringify(name)}]`)

/** Saves a connection to a SQLite file or by a URL, as a person would. */
export async function saveConnection(page: Page, name: string, url: string, environment?: string): Promise<void> {
  await page.getByRole('button', { name: 'New connection' }).first().click()
  const form = newForm(page)
  await form.getByRole('textbox', { name: 'Paste a URL' }).fill(url)
  await page.keyboard.press('Enter')
  await form.getByRole('textbox', { name: 'Name' }).fill(name)
  if (environment !== undefined) {
    await form.getByRole('combobox', { name: 'Environment' }).click()
    await page.getByRole('option', { name: environment }).click()
  }
  await form.getByRole('button', { name: 'Save', exact: true }).click()
  await formOf(page, name).getByRole('status').getByText('Saved').waitFor()
}
