import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser } from './browser.ts'
import { dist } from './dist.ts'

/** Specs of the screen drive the built product in a browser: both must be there, or every spec would fail for one reason. */
export default function setup(): void {
  if (findBrowser() === undefined) {
    throw new Error('No Chromium was found. Run: npx playwright install chromium (or install it with the system).')
  }
  if (!existsSync(join(dist, 'renderer', 'index.html'))) {
    throw new Error('The product is not built. Run: npm run build')
  }
}
