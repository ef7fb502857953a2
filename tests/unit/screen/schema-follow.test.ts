import { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RunState } from '../../../shared/run.ts'
import { followSchemaChanges } from '../../../src-renderer/schema/follow.ts'
import { showRun, takeEvent } from '../../../src-renderer/stores/runs.ts'
import { pipelineOf } from '../../helpers/engine.ts'

const pipeline = pipelineOf({
  nodes: {
    read: { kind: 'table', config: { connection: 'shop', table: 'orders' } },
    write: { kind: 'load', config: { connection: 'lake', table: 'made' } },
    tidy: { kind: 'execute', config: { connection: 'erp', sql: 'call tidy()' } },
  },
  edges: [{ from: 'read', to: 'write' }],
})

describe('what is remembered of databases when a pipeline has run', () => {
  const queries = new QueryClient()
  const keys = ['shop', 'lake', 'erp', 'other'].map((connection) => ['schema', '/home', connection, 'objects'])
  followSchemaChanges(queries)
  const known = () =>
    keys.filter((key) => queries.getQueryState(key)?.isInvalidated === false).map(([, , name]) => name)
  const begin = (dryRun: boolean, id: string) =>
    showRun('doc', {
      id,
      state: 'running',
      mode: 'deliver',
      dryRun,
      startedAt: '2026-01-01T00:00:00Z',
      nodes: {},
      log: [],
      past: false,
      here: true,
      document: pipeline,
    })
  const end = (state: RunState, id: string, dryRun: boolean) =>
    takeEvent('doc', {
      type: 'run',
      runId: id,
      at: '2026-01-01T00:00:01Z',
      state,
      pipeline: 'p',
      mode: 'deliver',
      dryRun,
    })

  beforeEach(() => {
    for (const key of keys) queries.setQueryData(key, [])
  })

  it.each<RunState>(['completed', 'failed', 'cancelled'])('is asked for again where it writes (%s)', (state) => {
    begin(false, state)
    expect(known()).toEqual(['shop', 'lake', 'erp', 'other'])
    end(state, state, false)
    expect(known()).toEqual(['shop', 'other'])
  })

  it('stays after a dry run, and after a run that had ended before it was shown', () => {
    begin(true, 'dry')
    end('completed', 'dry', true)
    showRun('doc', {
      id: 'old',
      state: 'completed',
      mode: 'deliver',
      dryRun: false,
      startedAt: '2026-01-01T00:00:00Z',
      nodes: {},
      log: [],
      past: true,
      here: false,
      document: pipeline,
    })
    expect(known()).toEqual(['shop', 'lake', 'erp', 'other'])
  })
})
