/** Draws the PNGs of the icons anew, after `resources/icons/*.svg` changed: `node scripts/icons.ts`. Needs a Chromium. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { browserArguments, findBrowser } from '../tests/helpers/browser.ts'
import { root } from './build.ts'

const icons = join(root, 'resources', 'icons')
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]

const executablePath = findBrowser()
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: browserArguments })
const page = await browser.newPage()

async function draw(name: string, folder: string): Promise<void> {
  const svg = readFileSync(join(icons, `${name}.svg`), 'utf8')
  mkdirSync(join(icons, folder), { recursive: true })
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`)
    await page.screenshot({ path: join(icons, folder, `${size}x${size}.png`), omitBackground: true })
  }
}

await draw('icon', 'png')
await draw('document', 'document')
copyFileSync(join(icons, 'icon.svg'), join(root, 'src-renderer', 'public', 'icon.svg'))
await browser.close()
