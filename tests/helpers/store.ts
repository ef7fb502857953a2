import { onTestFinished } from 'vitest'
import { type NewRun, openStore, type Store } from '../../src-main/store/index.ts'
import { temporaryFolder } from '../unit/services/temporary.ts'

/** A store that is closed when the test ends. */
export async function store(home = temporaryFolder()): Promise<Store> {
  const opened = await openStore({ home })
  onTestFinished(() => opened.close())
  return opened
}

export const newRun = (id: string, values: Partial<NewRun> = {}): NewRun => ({
  id,
  pipeline: 'Daily',
  mode: 'deliver',
  dryRun: false,
  params: {},
  pid: 1,
  host: 'box',
  processStart: null,
  ...values,
})
