import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sample } from '../../shared/contract/files.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'

/** The samples folder of the product, beside the build or above the sources. */
export function samplesFolder(): string {
  const places = ['../resources/samples/', '../../resources/samples/', '../../../resources/samples/']
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path))
  return found ?? ''
}

/** Every pipeline among the samples, in order. */
export async function listSamples(): Promise<Sample[]> {
  const root = samplesFolder()
  if (root === '') return []
  const samples: Sample[] = []
  for (const entry of (await readdir(root, { withFileTypes: true })).filter((item) => item.isDirectory())) {
    const folder = join(root, entry.name)
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.pipeline.json')).sort()) {
      const path = join(folder, file)
      const { pipeline } = openPipeline(await readFile(path, 'utf8'), registry)
      const id = `${entry.name}/${file.replace(/\.pipeline\.json$/, '')}`
      samples.push({ id, title: pipeline.name, description: pipeline.description ?? '', path })
    }
  }
  return samples.sort((a, b) => (a.id < b.id ? -1 : 1))
}
