import { join } from 'node:path'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { Opened } from './inspector-page.ts'
import { findNode, regionTo, saved } from './keys.ts'

/** Picks a node on the canvas, and goes on in the inspector. */
export async function pickNode({ app: { page }, inspector }: Opened, id: string): Promise<void> {
  await regionTo(page, page.getByRole('application', { name: 'Canvas' }))
  await findNode(page, id)
  await page.locator(`.react-flow__node.selected[data-id="${id}"]`).waitFor()
  await regionTo(page, inspector.panel)
}

/** Saves, and looks into the file. */
export const savedPipeline = ({ app: { page }, folder }: Opened, part: (pipeline: Pipeline) => unknown) =>
  saved(page, join(folder, 'shop.pipeline.json'), part)
