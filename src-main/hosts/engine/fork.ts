import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EngineProcess } from './supervisor.ts'

/** Starts the engine as a child of a Node process. `script`: the engine's entry, absolute. */
export function forkEngine(script: string): EngineProcess {
  const child = fork(script, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message)
    },
    onMessage: (take) => child.on('message', take),
    onExit: (ended) => child.once('exit', ended),
    kill: () => child.kill('SIGKILL'),
  }
}

/** The engine's entry: beside this file in the sources, beside the bundle in the build. */
export function engineScript(): string {
  const built = new URL('./engine.js', import.meta.url)
  return fileURLToPath(import.meta.url.endsWith('/fork.ts') ? new URL('./main.ts', import.meta.url) : built)
}
