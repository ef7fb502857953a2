import { expect, it, vi } from 'vitest'
import { registry } from '../../shared/nodes/registry.ts'
import { faults } from '../helpers/axe.ts'
import { openShop } from './inspector-page.ts'

// Axe looks at every form, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 })

const kinds = registry.kinds()
const idOf = (kind: string) => kind.replaceAll('-', '_')

/** One node of every kind as it is right after it was dropped, fed where it takes rows. */
const everything = {
  nodes: {
    source: { kind: 'table', config: { connection: 'shop', table: 'orders' } },
    ...Object.fromEntries(kinds.map((kind) => [idOf(kind), { kind, config: { ...registry.get(kind)?.defaults } }])),
  },
  edges: kinds.flatMap((kind) =>
    (registry.get(kind)?.inputs ?? []).map((port) => ({ from: 'source', to: idOf(kind), toPort: port.name })),
  ),
  layout: Object.fromEntries(
    ['source', ...kinds.map(idOf)].map((id, index) => [id, [(index % 6) * 240, Math.floor(index / 6) * 140]]),
  ),
}

it.each(['light', 'dark'] as const)('opens the form of every kind, without a fault, in %s', async (colorScheme) => {
  await using opened = await openShop(everything, { context: { colorScheme, reducedMotion: 'reduce' } })
  const { inspector, app } = opened
  const found: string[] = []
  const check = async (name: string) => {
    const bad = await faults(app.page, 'aside[aria-label="Inspector"]')
    found.push(...bad.map((fault) => `${name}: ${fault}`))
  }
  await check('pipeline')
  for (const kind of kinds) {
    await inspector.pick(idOf(kind))
    const definition = registry.get(kind)
    await inspector.panel.getByRole('textbox', { name: 'Title' }).waitFor()
    await inspector.panel.getByRole('button', { name: `Help for ${definition?.title}` }).waitFor()
    for (const { label, more, when } of definition?.form ?? []) {
      if (!more && !when)
        await inspector.panel
          .getByText(new RegExp(`^${label.replace(/[()]/g, '.')}`))
          .first()
          .waitFor()
    }
    await check(kind)
  }
  expect(found).toEqual([])
  expect(app.complaints).toEqual([])
})

it('shows help for a kind, and closes it', async () => {
  await using opened = await openShop(everything)
  const { inspector, app } = opened
  await inspector.pick('join')
  await inspector.panel.getByRole('button', { name: 'Help for Join' }).click()
  const dialog = app.page.getByRole('dialog', { name: 'Join' })
  await dialog.getByText('Brings rows of two inputs together by equal keys.').waitFor()
  await app.page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  expect(app.complaints).toEqual([])
})
