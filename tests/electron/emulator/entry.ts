/**
 * Runs a built main process on Node: `node entry.ts <main.js> [arguments]`. What it imports as `electron` is the emulator beside this file,
 * whose windows are pages of a real Chromium.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { emulatedApp } from './app.ts'
import { takeCalls } from './control.ts'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('./electron.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
})

const [node = '', _entry, main = '', ...rest] = process.argv
process.argv = [node, main, ...rest]
takeCalls()
await import(pathToFileURL(main).href)
// Electron, too, is ready only after the main module has been evaluated: one that waits for it in there waits for ever.
await emulatedApp.becomeReady()
