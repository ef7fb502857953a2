import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { ResultSource } from '../../shared/contract/results.ts'
import { results } from '../../src-main/services/api/results.ts'
import { runs } from '../../src-main/services/api/runs.ts'
import { LiveRuns } from '../../src-main/services/live-runs.ts'
import { OpenResults } from '../../src-main/services/open-results.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { type Doc, pipelineOf } from './engine.ts'

/** The calls of the results panel, on a workspace of its own. */
export async function resultsApi() {
  const home = await mkdtemp(join(tmpdir(), 'sluice-results-api-'))
  const workspace = openWorkspace({ env: {}, home })
  const live = new LiveRuns(workspace)
  const open = new OpenResults(workspace)
  const context = { workspace, runs: live, results: open }
  const client = createRouterClient({ results, runs }, { context: context as never })
  const start = async (doc: Doc) => {
    const { runId } = await client.runs.start({ document: pipelineOf(doc), path: null, folder: home, mode: 'inspect' })
    return runId
  }
  return {
    home,
    client,
    start,
    /** Runs a pipeline to its end. */
    async run(doc: Doc): Promise<string> {
      const runId = await start(doc)
      for await (const _ of await client.runs.watch({ run: runId }));
      return runId
    },
    /** Rows for the clipboard, put together as the page does. */
    async copy(request: Parameters<typeof client.results.copy>[0]): Promise<{ text: string; rows: number }> {
      const whole = { text: '', rows: 0 }
      for await (const { text, rows } of await client.results.copy(request)) {
        whole.text += text
        whole.rows += rows
      }
      return whole
    },
    source: (run: string, node: string, port = 'out'): ResultSource => ({ run, node, port }),
    async [Symbol.asyncDispose]() {
      await live.stopAll()
      await open.close()
      await workspace.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
