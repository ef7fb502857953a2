import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Sample } from '../../shared/contract/files.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'

/** The samples folder of the product, beside the build or above the sources. Nothing is written there. */
export function samplesFolder(): string {
  const places = ['../resources/samples/', '../../resources/samples/', '../../../resources/samples/']
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path))
  return found ?? ''
}

const copiesFolder = (home: string) => join(home, 'samples')

/** Every pipeline among the samples, in order, as the user's own copies under the workspace; those that are missing are made. */
export async function listSamples(home: string): Promise<Sample[]> {
  const root = samplesFolder()
  if (root === '') return []
  const samples: Sample[] = []
  for (const entry of (await readdir(root, { withFileTypes: true })).filter((item) => item.isDirectory())) {
    const folder = join(root, entry.name)
    const names = await readdir(folder)
    for (const file of names.filter((name) => name.endsWith('.pipeline.json')).sort()) {
      const { pipeline } = openPipeline(await readFile(join(folder, file), 'utf8'), registry)
      samples.push({
        id: `${entry.name}/${file.replace(/\.pipeline\.json$/, '')}`,
        title: pipeline.name,
        description: pipeline.description ?? '',
        path: join(await copyOf(home, entry.name), file),
        service: names.includes(serviceScript),
      })
    }
  }
  return samples.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** What running a sample writes beside it. */
const written = /^(results\.db.*|out)$/

/** The user's copy of a sample's folder, made whole or not at all when there is none. */
async function copyOf(home: string, name: string): Promise<string> {
  const copy = join(copiesFolder(home), name)
  if (existsSync(copy)) return copy
  const draft = `${copy}.${randomBytes(4).toString('hex')}.tmp`
  await copyFolder(join(samplesFolder(), name), draft)
  try {
    await rename(draft, copy)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Another process may have been quicker.
    if (!existsSync(copy)) throw error
  }
  return copy
}

/** Byte by byte rather than with permissions: those of an installed product may forbid writing. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (written.test(entry.name)) continue
    if (entry.isDirectory()) await copyFolder(source, target)
    else await writeFile(target, await readFile(source))
  }
}

const serviceScript = 'serve.mjs'
const serviceModule = z.object({ serve: z.custom<() => Promise<void>>((value) => typeof value === 'function') })
const services = new Map<string, Promise<void>>()

/** Starts the web service that a sample asks, when the file is the user's copy of one that has any; it ends with this process. */
export async function startServiceOf(home: string, path: string): Promise<void> {
  const [name = ''] = relative(copiesFolder(home), path).split(sep)
  // The script of the product, not the copy: opening a file runs nothing that a user or a stranger wrote.
  const script = join(samplesFolder(), name, serviceScript)
  if (name === '' || name === '..' || !existsSync(script)) return
  const started = services.get(name) ?? startService(script)
  services.set(name, started)
  await started
}

async function startService(script: string): Promise<void> {
  const { serve } = serviceModule.parse(await import(pathToFileURL(script).href))
  // Its port may be taken by the same service of another process; a run will tell if it is not.
  await serve().catch(() => undefined)
}
