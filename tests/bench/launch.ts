import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApp } from '../helpers/app.ts'
import { openDesktop } from '../helpers/electron.ts'
import { median } from './measure.ts'

/**
 * Time from starting the process to a window that can be used: the sample is on the canvas and Run can be pressed. Warm: the workspace exists and
 * files are in memory. The desktop is measured where its runtime is; on the emulator its time would say nothing.
 */
export async function measureLaunch(rounds: number, desktop: boolean) {
  const home = mkdtempSync(join(tmpdir(), 'sluice-launch-'))
  const times: number[] = []
  try {
    for (let round = 0; round <= rounds; round++) {
      const started = performance.now()
      await using app = desktop ? await openDesktop({ home }) : await openApp({ home })
      await app.page.getByRole('button', { name: 'Run', exact: true }).and(app.page.locator(':enabled')).waitFor()
      await app.page.locator('.react-flow__node').first().waitFor()
      times.push(performance.now() - started)
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  return {
    name: `${desktop ? 'desktop' : 'browser'}, start to a window that can be used`,
    ours: `${Math.round(median(times.slice(1)))} ms (≤ 1500)`,
    baseline: '',
    ratio: '',
    note: desktop ? '' : 'with opening a page in a browser that runs',
  }
}
