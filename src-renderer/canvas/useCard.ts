import type { NodeDefinition } from '../../shared/nodes/define.ts'
import { registry } from '../../shared/nodes/registry.ts'
import type { PipelineNode } from '../../shared/pipeline/schema.ts'
import { useDocuments } from '../stores/documents.ts'
import { useLooks } from '../stores/looks.ts'
import { useNodeProgress, useRuns } from '../stores/runs.ts'
import { type CardState, cardCounts, cardMessage, cardState, cardTime } from './card-state.ts'
import { activeOf, changedSince, troublesOf } from './derived.ts'

export interface CardLooks {
  state: CardState
  message: string | undefined
  counts: { short: string; long: string } | undefined
  time: string
}

export const useNode = (document: string, id: string): PipelineNode | undefined =>
  useDocuments(({ documents }) => documents[document]?.history.present.nodes[id])

/** Everything a card says about how its node stands. Follows that node alone. */
export function useCardLooks(document: string, id: string): CardLooks {
  const disabled = useNode(document, id)?.disabled ?? false
  const active = useDocuments(({ documents }) => {
    const pipeline = documents[document]?.history.present
    return pipeline === undefined || activeOf(pipeline).has(id)
  })
  const trouble = useDocuments(({ documents }) => {
    const pipeline = documents[document]?.history.present
    return pipeline && troublesOf(pipeline).get(id)
  })
  const ran = useRuns(({ shown }) => shown[document]?.document)
  const changed = useDocuments(({ documents }) => {
    const pipeline = documents[document]?.history.present
    return ran !== undefined && pipeline !== undefined && changedSince(ran, pipeline).has(id)
  })
  const lookError = useLooks(({ looks }) => looks[document]?.nodes[id]?.error?.message)
  const keptRows = useLooks(({ looks }) => looks[document]?.nodes[id]?.kept?.[0]?.rows)
  const progress = useNodeProgress(document, id)
  const facts = { disabled, active, trouble, lookError, keptRows, progress, changed }
  const state = cardState(facts)
  return {
    state,
    message: cardMessage(state, facts),
    counts: cardCounts(state, facts),
    time: cardTime(state, progress),
  }
}

const summaries = new WeakMap<PipelineNode['config'], string>()

/** The settings in one line; empty while they are incomplete. */
export function summaryOf({ kind, config }: PipelineNode): string {
  const known = summaries.get(config)
  if (known !== undefined) return known
  const summary = readSummary(registry.get(kind), config)
  summaries.set(config, summary)
  return summary
}

function readSummary(definition: NodeDefinition | undefined, config: Record<string, unknown>): string {
  const parsed = definition?.config.safeParse(config)
  return definition && parsed?.success ? definition.summary(parsed.data) : ''
}
