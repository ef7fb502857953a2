import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'

/** What keeps somebody from using what is shown, or some parts of it: what axe calls serious or critical. @param parts selectors */
export async function faults(page: Page, ...parts: string[]): Promise<string[]> {
  // Legacy mode looks at no frames of other origins, and opens no page of its own for its report.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'], preload: false })
  const { violations } = await parts.reduce((all, part) => all.include(part), axe).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}
