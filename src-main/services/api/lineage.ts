import type { Lineage } from '../../../shared/contract/pipelines.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { columnLineage, defaultLimits } from '../../engine/index.ts'
import { workable } from '../look.ts'
import { surroundings } from '../start-run.ts'
import { api } from './context.ts'

export const lineage = api.pipelines.lineage.handler(async ({ context, input, signal }): Promise<Lineage> => {
  const { workspace, live } = context
  const { document, folder, node, port, column } = input
  const where = { folder, overrides: {}, cwd: workspace.home, limits: defaultLimits }
  const { params: _none, ...outside } = surroundings(workspace, where, {})
  const subject = workable({ document, registry, params: input.params })
  const options = {
    ...outside,
    ...subject,
    connect: (name: string) => live.open(name, { folder, cwd: workspace.home }),
    signal: signal ?? new AbortController().signal,
  }
  return columnLineage(options, { node, port, column })
})
