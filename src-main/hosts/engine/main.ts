/** The engine process: everything that reads and writes data, behind the contract. Its parent is the desktop shell or the server. */
import module from 'node:module'

module.enableCompileCache()
// Loaded apart from this entry, which the bundler may fill with code that other entries use as well: importing that must start nothing.
const { runEngine } = await import('./engine.ts')
runEngine()
