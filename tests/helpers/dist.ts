import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The build under test: `dist` of the checkout, or what SLUICE_DIST says. */
export const dist = resolve(process.env.SLUICE_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url)))
