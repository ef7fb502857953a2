import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { rowsNode, world } from '../../helpers/engine.ts'

const text = `id,name\n${Array.from({ length: 1000 }, (_, id) => `${id},n${id}\n`).join('')}`

test.each(['straight into the load', 'through a transform'])(
  'a file that was cut off changes nothing: %s',
  async (way) => {
    await using w = await world()
    await writeFile(join(w.folder, 'rows.csv.gz'), gzipSync(text).subarray(0, -8))
    const load = { kind: 'load', config: { connection: 'a', table: 't', mode: 'truncate' } }
    await w.run({
      nodes: { rows: rowsNode({ id: 'int64', name: 'text' }, [[1, 'kept']]), load },
      edges: [{ from: 'rows', to: 'load' }],
    })
    const file = { kind: 'file', config: { path: 'rows.csv.gz' } }
    const outcome = await w.run(
      way === 'through a transform'
        ? {
            nodes: { file, big: { kind: 'filter', config: { where: 'id >= 0' } }, load },
            edges: [
              { from: 'file', to: 'big' },
              { from: 'big', to: 'load' },
            ],
          }
        : { nodes: { file, load }, edges: [{ from: 'file', to: 'load' }] },
    )
    expect(outcome.error).toMatchObject({ code: 'FILE_FORMAT', at: { node: 'file', field: 'path' } })
    expect(w.sqlite('a', 'select id, name from t')).toEqual([{ id: 1, name: 'kept' }])
  },
)
