import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rowsToFile } from './cases.ts'
import { median } from './measure.ts'

/** Time from starting the process to its first event, for a pipeline of one row into a file. */
export async function measureStart(cli: string, folder: string, rounds: number) {
  const file = join(folder, 'start.pipeline.json')
  await writeFile(file, JSON.stringify(rowsToFile(join(folder, 'start.csv'))))
  const times: number[] = []
  const bare: number[] = []
  for (let round = 0; round <= rounds; round++) {
    times.push(await firstOutput([cli, 'run', file, '--json'], join(folder, 'home')))
    bare.push(await firstOutput(['-e', 'console.log(1)'], join(folder, 'home')))
  }
  return {
    name: 'command line, start to first event',
    ours: `${Math.round(median(times.slice(1)))} ms (≤ 400)`,
    baseline: `node itself ${Math.round(median(bare.slice(1)))} ms`,
    ratio: '',
    note: '',
  }
}

async function firstOutput(args: string[], home: string): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SLUICE_HOME: home },
  })
  const closed = new Promise((resolve) => child.on('close', resolve))
  const first = await new Promise<number>((resolve) =>
    child.stdout.once('data', () => resolve(performance.now() - started)),
  )
  child.stdout.resume()
  await closed
  return first
}
