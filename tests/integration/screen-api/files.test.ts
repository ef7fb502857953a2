import { chmodSync, existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createRouterClient, ORPCError } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connections } from '../../../src-main/services/api/connections.ts'
import { files } from '../../../src-main/services/api/files.ts'
import { LiveConnections } from '../../../src-main/services/live-connections.ts'
import { QuerySessions } from '../../../src-main/services/queries/sessions.ts'
import { openWorkspace, type Workspace } from '../../../src-main/services/workspace.ts'

let home = ''
let workspace: Workspace
let client: ReturnType<typeof connect>

const connect = () => {
  const queries = new QuerySessions(workspace, new LiveConnections(workspace))
  const context = { workspace, queries, runs: {}, results: {}, host: {} }
  return createRouterClient({ files, connections }, { context: context as never })
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sluice-files-api-'))
  workspace = openWorkspace({ env: {}, home })
  client = connect()
})
afterEach(async () => {
  await workspace.close()
  await rm(home, { recursive: true, force: true })
})

/** The code of the AppError that a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const thrown = await call.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
  return thrown instanceof ORPCError ? thrown.data.code : String(thrown)
}

describe('pipeline files', () => {
  const path = () => join(home, 'daily.pipeline.json')

  test('are written only over what was read', async () => {
    const first = await client.files.writePipeline({ path: path(), text: 'one', expected: null })
    expect(await refusal(client.files.writePipeline({ path: path(), text: 'two', expected: null }))).toBe(
      'FILE_CONFLICT',
    )
    writeFileSync(path(), 'elsewhere')
    const write = client.files.writePipeline({ path: path(), text: 'two', expected: first.hash })
    expect(await refusal(write)).toBe('FILE_CONFLICT')
    expect(readFileSync(path(), 'utf8')).toBe('elsewhere')
    const { hash } = await client.files.readPipeline({ path: path() })
    await client.files.writePipeline({ path: path(), text: 'two', expected: hash })
    expect(readFileSync(path(), 'utf8')).toBe('two')
  })

  test('keep their permissions, and stay behind a symbolic link', async () => {
    writeFileSync(path(), 'one')
    chmodSync(path(), 0o640)
    const link = join(home, 'link.pipeline.json')
    symlinkSync(path(), link)
    await client.files.writePipeline({ path: link, text: 'two' })
    expect(readFileSync(path(), 'utf8')).toBe('two')
    expect(statSync(path()).mode & 0o777).toBe(0o640)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  })

  test('are told of when another program writes, replaces or removes them', async () => {
    writeFileSync(path(), 'one')
    const stop = new AbortController()
    const told = await client.files.watch({ paths: [path()] }, { signal: stop.signal })
    const next = async () => {
      const { value, done } = await told.next()
      if (done) throw new Error('The watch ended.')
      return value
    }
    const first = await next()
    expect(first).toEqual({ path: path(), hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    writeFileSync(path(), 'two')
    const second = await next()
    expect(second.hash).not.toBe(first.hash)
    writeFileSync(`${path()}.tmp`, 'three')
    await rename(`${path()}.tmp`, path())
    expect((await next()).hash).not.toBe(second.hash)
    rmSync(path())
    expect(await next()).toEqual({ path: path(), hash: null })
    writeFileSync(path(), 'one')
    expect(await next()).toEqual(first)
    stop.abort()
    await told.next().catch(() => undefined)
  })
})

describe('folders', () => {
  test('show what has the endings asked for, folders first, names by number', async () => {
    for (const name of ['b10.csv', 'b2.csv', 'a.txt', '.hidden.csv']) writeFileSync(join(home, name), 'x')
    await client.files.samples()
    const { entries, parent } = await client.files.list({ folder: home, extensions: ['csv'] })
    expect(entries.map(({ name }) => name)).toEqual(['samples', 'b2.csv', 'b10.csv'])
    expect(parent).toBe(tmpdir())
  })

  test('that are not there are said to be missing', async () => {
    expect(await refusal(client.files.list({ folder: join(home, 'nowhere') }))).toBe('FILE_MISSING')
  })
})

describe('drafts', () => {
  const window = 'w-1'
  const draft = { window, id: 'a-1', path: null, name: 'Untitled', text: '{"ä": "€"}', base: null }
  const ids = async (of: string) => (await client.files.drafts({ window: of })).map(({ id }) => id)
  /** Holds a window as a page does, until it is let go. */
  const hold = async (wanted: string) => {
    const page = new AbortController()
    const events = await client.files.holdWindow({ window: wanted }, { signal: page.signal })
    const first = await events.next()
    const over = events.next().catch(() => undefined)
    const leave = async () => {
      page.abort()
      await over
    }
    return { window: first.done ? undefined : first.value.window, leave }
  }

  test('are there for the next process, readable by the user alone, until they are dropped', async () => {
    await client.files.keepDraft(draft)
    await client.files.keepDraft({ ...draft, id: 'b-2', path: '/x/y.pipeline.json', base: 'abc' })
    await client.files.keepDraft({ ...draft, name: 'Renamed' })
    await workspace.close()
    workspace = openWorkspace({ env: {}, home })
    client = connect()
    const found = await client.files.drafts({ window })
    expect(found.map(({ id, name, path }) => [id, name, path])).toEqual([
      ['b-2', 'Untitled', '/x/y.pipeline.json'],
      ['a-1', 'Renamed', null],
    ])
    expect(found[1]?.text).toBe(draft.text)
    expect(statSync(join(home, 'drafts', window, 'a-1.json')).mode & 0o777).toBe(0o600)
    await client.files.dropDraft({ window, id: 'a-1' })
    expect(await ids(window)).toEqual(['b-2'])
  })

  test('that are damaged do not keep the others away', async () => {
    await client.files.keepDraft(draft)
    writeFileSync(join(home, 'drafts', window, 'broken.json'), '{"id": ')
    expect(await ids(window)).toEqual(['a-1'])
  })

  test('stay in their folder', async () => {
    expect(await refusal(client.files.keepDraft({ ...draft, id: '../key' }))).toBe('CONFIG_INVALID')
    expect(await refusal(client.files.keepDraft({ ...draft, window: '..' }))).toBe('CONFIG_INVALID')
    expect(await refusal(client.files.dropDraft({ window, id: '../workspace' }))).toBe('CONFIG_INVALID')
  })

  test('of a window that is open are not given to another, and go to the next one once it is gone', async () => {
    const first = await hold(window)
    expect(first.window).toBe(window)
    await client.files.keepDraft(draft)
    await client.files.keepDraft({ ...draft, window: 'w-2', name: 'Of the second' })
    expect(await ids('w-3')).toEqual(['a-1'])
    expect((await client.files.drafts({ window: 'w-3' }))[0]?.name).toBe('Of the second')
    expect((await client.files.drafts({ window }))[0]?.name).toBe('Untitled')
    await first.leave()
    const taken = await client.files.drafts({ window: 'w-3' })
    // The same id in two windows is two drafts: neither takes the place of the other.
    expect(taken.map(({ name }) => name).sort()).toEqual(['Of the second', 'Untitled'])
    expect(new Set(taken.map(({ id }) => id)).size).toBe(2)
    expect(existsSync(join(home, 'drafts', window))).toBe(false)
  })

  test('go to the next window when the process that held theirs was killed', async () => {
    await client.files.keepDraft(draft)
    const gone = { pid: 2 ** 22 - 1, host: hostname(), processStart: null }
    writeFileSync(join(home, 'drafts', window, 'held'), JSON.stringify(gone))
    expect(await ids('w-2')).toEqual(['a-1'])
  })

  test('of a duplicated tab are its own: it is held by another id', async () => {
    const first = await hold(window)
    const second = await hold(window)
    expect(second.window).toMatch(/^[\w-]+$/)
    expect(second.window).not.toBe(window)
    await Promise.all([first.leave(), second.leave()])
    const again = await hold(window)
    expect(again.window).toBe(window)
    await again.leave()
  })
})

describe('recent files', () => {
  test('come latest first, once each, and say whether they are still there', async () => {
    const [one, two] = [join(home, 'one.pipeline.json'), join(home, 'two.pipeline.json')]
    writeFileSync(one, '')
    // All at once: none may be lost to another.
    await Promise.all([
      client.files.remember({ path: one, name: 'One' }),
      client.files.remember({ path: two, name: 'Two' }),
      client.files.remember({ path: one, name: 'One again' }),
    ])
    expect((await client.files.recent()).map(({ name, exists }) => [name, exists])).toEqual([
      ['One again', true],
      ['Two', false],
    ])
    await client.files.forget({ path: one })
    expect((await client.files.recent()).map(({ name }) => name)).toEqual(['Two'])
  })
})

describe('dropped files', () => {
  const send = (upload: string, name: string, offset: number, text: string, last: boolean) =>
    client.files.receive({ upload, name, offset, base64: Buffer.from(text).toString('base64'), last })

  test('are put together in the workspace under their name, or a free one beside it', async () => {
    await send('u1', 'sales.csv', 0, 'a,b\n', false)
    expect(existsSync(join(home, 'files', 'sales.csv'))).toBe(false)
    const { path, size } = await send('u1', 'sales.csv', 4, '1,2\n', true)
    expect({ path, size }).toEqual({ path: join(home, 'files', 'sales.csv'), size: 8 })
    expect(readFileSync(path, 'utf8')).toBe('a,b\n1,2\n')
    expect((await send('u2', 'sales.csv', 0, 'c', true)).path).toBe(join(home, 'files', 'sales-2.csv'))
    expect((await send('u3', 'big.csv.gz', 0, 'c', true)).path).toBe(join(home, 'files', 'big.csv.gz'))
    expect((await send('u4', 'big.csv.gz', 0, 'c', true)).path).toBe(join(home, 'files', 'big-2.csv.gz'))
  })

  test('cannot leave their folder, and fail when a piece is missing', async () => {
    expect((await send('u1', '../../etc/passwd', 0, 'x', true)).path).toBe(join(home, 'files', 'passwd'))
    await send('u2', 'x.csv', 0, 'abc', false)
    expect(await refusal(send('u2', 'x.csv', 7, 'def', true))).toBe('FILE_WRITE')
    expect(await refusal(send('../u3', 'x.csv', 0, 'abc', true))).toBe('CONFIG_INVALID')
  })
})

describe('a new workspace', () => {
  test('has samples of its own to edit, and a database to try things on', async () => {
    const samples = await client.files.samples()
    expect(samples.map(({ id }) => id)).toEqual([
      '01-airports/airports',
      '02-aircraft/aircraft',
      '03-api-to-table/api-to-table',
      '04-batches/batches',
    ])
    expect(samples.filter(({ service }) => service).map(({ id }) => id)).toEqual([
      '02-aircraft/aircraft',
      '03-api-to-table/api-to-table',
    ])
    const path = samples[0]?.path ?? ''
    expect(path.startsWith(home)).toBe(true)
    const { text, hash } = await client.files.readPipeline({ path })
    await client.files.writePipeline({ path, text: `${text}\n`, expected: hash })
    await client.files.samples()
    expect(readFileSync(path, 'utf8')).toBe(`${text}\n`)
    expect((await client.connections.list()).map(({ name }) => name)).toEqual(['sample'])
    using database = new DatabaseSync(join(home, 'sample.db'), { readOnly: true })
    expect(database.prepare('select count(*) as n from airports').get()).toEqual({ n: 3376 })
  })

  test('does not get back what was removed on purpose, except samples', async () => {
    const [first] = await client.files.samples()
    await client.connections.remove({ name: 'sample' })
    rmSync(join(home, 'samples'), { recursive: true })
    await workspace.close()
    workspace = openWorkspace({ env: {}, home })
    client = connect()
    await client.files.samples()
    expect(await client.connections.list()).toEqual([])
    expect(existsSync(first?.path ?? '')).toBe(true)
  })
})
