import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Pipeline, pipelineSchema } from '../../shared/pipeline/schema.ts'
import type { Opened } from './inspector-page.ts'
import { findNode, regionTo } from './keys.ts'

/** Picks a node on the canvas, and goes on in the inspector. */
export async function pickNode({ app: { page }, inspector }: Opened, id: string): Promise<void> {
  await regionTo(page, page.getByRole('application', { name: 'Canvas' }))
  await findNode(page, id)
  await page.locator(`.react-flow__node.selected[data-id="${id}"]`).waitFor()
  await regionTo(page, inspector.panel)
}

/** Saves, and looks into the file. */
export function savedPipeline({ app: { page }, folder }: Opened, part: (pipeline: Pipeline) => unknown) {
  const saving = page.keyboard.press('Control+s')
  return expect.poll(async () => {
    await saving
    return part(pipelineSchema.parse(JSON.parse(await readFile(join(folder, 'shop.pipeline.json'), 'utf8'))))
  })
}
