import { join } from 'node:path'
import { type MessagePortMain, utilityProcess } from 'electron'
import type { EngineProcess } from '../engine/supervisor.ts'

/** Starts the engine as a utility process, which takes pages' message ports. */
export function launchEngine(): EngineProcess<MessagePortMain> {
  const child = utilityProcess.fork(join(import.meta.dirname, 'engine.js'), [], {
    serviceName: 'Sluice engine',
    stdio: 'inherit',
  })
  return {
    get pid() {
      return child.pid
    },
    send: (message, ports = []) => child.postMessage(message, [...ports]),
    onMessage: (take) => child.on('message', take),
    onExit: (ended) => child.once('exit', ended),
    // `child.kill()` asks, and one that does not answer would go on.
    kill: () => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    },
  }
}
