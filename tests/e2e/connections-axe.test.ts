import { expect, it } from 'vitest'
import { faults } from '../helpers/axe.ts'
import { cardOf, formOf, newForm, openConnections, saveConnection } from './connections-page.ts'

it.each(['light', 'dark'] as const)('the screen can be used by everyone (%s)', async (colorScheme) => {
  await using app = await openConnections({
    context: { colorScheme, reducedMotion: 'reduce' },
    env: { SLUICE_CONNECTION_REPORTS: 'sqlite:/no/reports.db' },
  })
  const { page, complaints } = app
  await saveConnection(page, 'lake', 'postgres://etl:password1@no-such-host.invalid/lake', 'Production')
  await saveConnection(page, 'shop', 'sqlite:/no/such/shop.db', 'Development')
  expect(await faults(page)).toEqual([])
  await formOf(page, 'shop').getByRole('button', { name: 'Test', exact: true }).click()
  await formOf(page, 'shop').getByRole('alert').waitFor()
  expect(await faults(page)).toEqual([])
  await cardOf(page, 'lake').click()
  const form = formOf(page, 'lake')
  for (const section of [/^Encryption/, /^SSH tunnel/, /^Pool/, /^Driver options/])
    await form.getByRole('button', { name: section }).click()
  await form.getByText('Private key', { exact: true }).click()
  await form.getByRole('button', { name: 'Add an option' }).click()
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Change…' }).click()
  const guard = page.getByRole('dialog', { name: 'How secrets are guarded' })
  await guard.getByRole('radio', { name: 'A passphrase' }).check()
  expect(await faults(page)).toEqual([])
  await guard.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Actions for lake' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await page.getByRole('dialog', { name: 'Delete lake?' }).waitFor()
  await page.getByRole('menu').waitFor({ state: 'hidden' })
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'New connection' }).first().click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave' }).click()
  await newForm(page).getByRole('button', { name: 'Save', exact: true }).click()
  expect(await faults(page)).toEqual([])
  expect(complaints).toEqual([])
})
