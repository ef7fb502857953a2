import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { world } from '../../helpers/engine.ts'

/** A file system of four megabytes that only the child sees; Linux lets a process have one of its own. */
const script = `mkdir -p "$1/small" && mount -t tmpfs -o size=4m none "$1/small" && "$2" "$3" "$4"; ls -A "$1/small" | sed 's/^/left: /'`
const runChild = fileURLToPath(new URL('./run-child.ts', import.meta.url))

function runOnSmallDisk(folder: string, argument: object) {
  const done = spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', script, 'sh', folder, process.execPath, runChild, JSON.stringify(argument)],
    { encoding: 'utf8' },
  )
  const line = done.stdout.split('\n').find((text) => text.startsWith('done '))
  if (line === undefined) throw new Error(`The run did not end by itself: ${done.stdout}${done.stderr}`)
  const left = done.stdout.split('\n').flatMap((text) => (text.startsWith('left: ') ? [text.slice(6)] : []))
  return { ...JSON.parse(line.slice(5)), left }
}

const many = {
  kind: 'query',
  config: {
    connection: 'src',
    sql: 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000) select i, hex(randomblob(24)) as noise from n',
  },
}
const connections = (folder: string) => ({
  src: { dialect: 'sqlite', file: `${folder}/src.db` },
  full: { dialect: 'sqlite', file: `${folder}/small/full.db` },
})

describe.runIf(process.platform === 'linux')('a full disk', () => {
  test('fails a load into SQLite with LIMIT_DISK on the node', async () => {
    await using w = await world()
    const pipeline = {
      sluice: 1,
      name: 'x',
      nodes: { s: many, l: { kind: 'load', config: { connection: 'full', table: 't', mode: 'append' } } },
      edges: [{ from: 's', to: 'l' }],
    }
    const { state, error } = runOnSmallDisk(w.folder, {
      folder: w.folder,
      pipeline,
      connections: connections(w.folder),
    })
    expect(state).toBe('failed')
    expect(error).toMatchObject({ code: 'LIMIT_DISK', at: { node: 'l' } })
  })

  test('fails a file with LIMIT_DISK and leaves no part of it', async () => {
    await using w = await world()
    const pipeline = {
      sluice: 1,
      name: 'x',
      nodes: { s: many, f: { kind: 'write-file', config: { path: 'small/out.csv' } } },
      edges: [{ from: 's', to: 'f' }],
    }
    const { error, left } = runOnSmallDisk(w.folder, { folder: w.folder, pipeline, connections: connections(w.folder) })
    expect(error).toMatchObject({ code: 'LIMIT_DISK', at: { node: 'f' } })
    expect(left).toEqual([])
  })

  test('fails the node whose rows cannot be kept', async () => {
    await using w = await world()
    const folder = `${w.folder}/small`
    const pipeline = { sluice: 1, name: 'x', nodes: { s: many }, edges: [] }
    const { error } = runOnSmallDisk(w.folder, {
      folder,
      pipeline,
      connections: connections(w.folder),
      mode: 'inspect',
    })
    expect(error).toMatchObject({ code: 'LIMIT_DISK', at: { node: 's' } })
  })
})
