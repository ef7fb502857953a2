import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'

/** Opens a file by typing its path into the file dialog, as a person at the keyboard would. */
export async function openPath(page: Page, path: string): Promise<void> {
  await page.keyboard.press('Control+o')
  const dialog = page.getByRole('dialog', { name: /open/i })
  // The dialog takes the focus once it is open; before, it would take it away again.
  await dialog.locator('[role="listbox"]:focus').waitFor()
  await dialog.getByRole('button', { name: 'Type a path' }).click()
  await dialog.getByRole('textbox', { name: 'Path', exact: true }).fill(path)
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
}

/** Writes a pipeline into a folder and opens it in the page. @returns its path */
export async function openPipeline(
  page: Page,
  folder: string,
  pipeline: Record<string, unknown> & { name: string },
): Promise<string> {
  // A new workspace opens its first sample; a spec that is quicker would see its own tab come and go.
  await page.getByRole('tab').first().waitFor()
  const path = join(folder, `${pipeline.name.toLowerCase().replaceAll(' ', '-')}.pipeline.json`)
  await writeFile(path, JSON.stringify({ sluice: 1, ...pipeline }, null, 2))
  await openPath(page, path)
  await page.getByRole('tab', { name: pipeline.name, exact: true, selected: true }).waitFor()
  return path
}
