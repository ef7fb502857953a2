import { join } from 'node:path'
import { type Watch, watchMemory } from '../memory.ts'
import { type Subject, serveSubjects } from './served.ts'

export interface VolumeStep {
  step: string
  ms: number
  /** Highest memory of the server, the engine process and what it started, in MB. */
  peakMb: number
}

const sort = [
  { column: 'name', direction: 'asc' as const },
  { column: 'amount', direction: 'desc' as const },
]

/** What a person does with many rows, one thing after the other, and the memory that all processes took meanwhile. */
export async function measureVolume(subject: Subject, rows: number): Promise<VolumeStep[]> {
  await using served = await serveSubjects([subject])
  const { api } = served.client
  const watch = watchMemory(served.server.pid)
  const steps: VolumeStep[] = []
  try {
    const source = await timed(steps, watch, 'run', () => served.run(subject.name, 'select * from t'))
    const window = (offset: number, view = {}) => api.results.window({ source, view, offset, limit: 100 })
    const anywhere = () => Math.floor(Math.random() * (rows - 100))
    const windows = async (count: number, view = {}) => {
      for (let index = 0; index < count; index++) await window(anywhere(), view)
    }
    await timed(steps, watch, 'scroll, 100 windows', () => windows(100))
    await timed(steps, watch, 'sort by two columns', () => window(0, { sort }))
    await timed(steps, watch, 'scroll sorted, 20 windows', () => windows(20, { sort }))
    const filters = [{ column: 'city', operator: '!=' as const, value: 'Berlin' }]
    await timed(steps, watch, 'filter', () => window(0, { filters }))
    await timed(steps, watch, 'search', () => window(0, { search: '77777' }))
    await timed(steps, watch, 'profile', () => api.results.profile({ source }))
    await timed(steps, watch, 'copy 100,000 rows', async () => {
      for await (const _ of await api.results.copy({ source, format: 'tsv', offset: rows / 2, limit: 100_000 }));
    })
    const save = async (view = {}) => {
      const path = join(served.home, 'export.csv')
      for await (const _ of await api.results.export({ source, view, format: 'csv', path }));
    }
    await timed(steps, watch, 'export to CSV', () => save())
    await timed(steps, watch, 'export sorted', () => save({ sort }))
  } finally {
    watch.stop()
  }
  return steps
}

async function timed<T>(steps: VolumeStep[], watch: Watch, step: string, work: () => Promise<T>): Promise<T> {
  watch.peak()
  const started = performance.now()
  const result = await work()
  steps.push({ step, ms: performance.now() - started, peakMb: watch.peak().mb })
  return result
}
