import { parentPort, workerData } from 'node:worker_threads'
import type { SandboxCall, SandboxOptions, SandboxReply } from './protocol.ts'
import { openSandbox } from './sandbox.ts'

/**
 * The thread in which code runs: it may loop forever without holding up the engine, and is ended from outside. Started with SandboxOptions;
 * every SandboxCall gets one SandboxReply, in order.
 */
const options: SandboxOptions = workerData
// The sandbox asks this thread for the local time, and everything here is in UTC, whatever machine it runs on.
Date.prototype.getTimezoneOffset = () => 0
const sandbox = openSandbox(options)
parentPort?.on('message', async (call: SandboxCall) => {
  const reply: SandboxReply = (await sandbox).answer(call)
  parentPort?.postMessage(reply)
})
