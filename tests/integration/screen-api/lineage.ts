import { tmpdir } from 'node:os'
import type { ColumnPlace } from '../../../shared/contract/pipelines.ts'
import { AppError } from '../../../shared/errors.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { columnLineage, defaultLimits } from '../../../src-main/engine/index.ts'
import { type Doc, pipelineOf } from '../../helpers/engine.ts'

/** A node without rows; the type of a column goes by its name. */
export const rows = (...names: string[]) => ({
  kind: 'rows',
  config: {
    columns: names.map((name) => ({ name, type: name === 'day' ? 'date' : name.startsWith('js') ? 'json' : 'int64' })),
    rows: [],
  },
})

export const orders = rows('id', 'customer', 'amount', 'day')
export const customers = rows('id', 'name', 'amount')

/** Two nodes, `o` and `c`, into the ports of a third, `x`. */
export const both = (kind: string, config: object, ports: [string, string]): Doc => ({
  nodes: { o: orders, c: customers, x: { kind, config } },
  edges: [
    { from: 'o', to: 'x', toPort: ports[0] },
    { from: 'c', to: 'x', toPort: ports[1] },
  ],
})

/** The lineage of a column in a pipeline without connections, in the order in which it is found. */
export const lineageOf = (doc: Doc, place: ColumnPlace) =>
  columnLineage(
    {
      pipeline: pipelineOf(doc),
      registry,
      folder: tmpdir(),
      params: {},
      limits: defaultLimits,
      connect: async () => {
        throw new AppError('CONNECTION_UNKNOWN', 'There are no connections.')
      },
      secret: async () => '',
      signal: new AbortController().signal,
    },
    place,
  )

/** The same in short: places as `node.column`, sorted. */
export async function lineage(doc: Doc, place: ColumnPlace) {
  const found = await lineageOf(doc, place)
  const short = (places: ColumnPlace[]) =>
    places.map(({ node, port, column }) => `${node}${port === 'out' ? '' : `:${port}`}.${column}`).sort()
  return { from: short(found.from), shapes: short(found.shapes), to: short(found.to) }
}
