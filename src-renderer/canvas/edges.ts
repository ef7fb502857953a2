import type { Edge } from '../../shared/pipeline/schema.ts'

/** A name for an edge that no other edge of the document has: the format forbids two that are the same. */
export const edgeId = ({ from, fromPort, to, toPort, after }: Edge): string =>
  JSON.stringify(after ? [from, to, 'after'] : [from, fromPort ?? 'out', to, toPort ?? 'in'])
