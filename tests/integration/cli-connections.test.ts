import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { CliSandbox, ndjson } from '../helpers/cli.ts'

// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cli: CliSandbox
beforeAll(async () => {
  cli = await CliSandbox.create()
})
afterAll(() => cli.remove())

const secret = 'Tr0ub4dor&3/öß'
const url = 'postgres://etl@127.0.0.1:1/lake'

test('a saved password is used and never printed', async () => {
  const added = await cli.run(['connections', 'add', 'lake', url, '--password-stdin'], { input: `${secret}\n` })
  expect(added.code, added.stderr).toBe(0)
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Lake',
    nodes: { q: { kind: 'query', config: { connection: 'lake', sql: 'select 1' } } },
    edges: [],
  })
  const commands = [
    ['connections', 'list'],
    ['connections', 'list', '--json'],
    ['connections', 'show', 'lake'],
    ['connections', 'show', 'lake', '--json'],
    ['connections', 'test', 'lake'],
    ['run', 'p.pipeline.json'],
    ['run', 'p.pipeline.json', '--json'],
    ['runs', 'show', 'last', '--json'],
    ['runs', 'logs', 'last'],
    ['explain', 'p.pipeline.json', '--json'],
    ['query', 'lake', 'select 1'],
  ]
  for (const command of commands) {
    const { stdout, stderr } = await cli.run(command)
    for (const form of [secret, encodeURIComponent(secret)]) {
      expect(stdout + stderr, command.join(' ')).not.toContain(form)
    }
  }
  const [shown] = ndjson((await cli.run(['connections', 'show', 'lake', '--json'])).stdout)
  expect(shown).toMatchObject({ name: 'lake', config: { host: '127.0.0.1', password: '••••' } })
})

test('a password in the URL is taken, warned about and not repeated', async () => {
  const text = `postgres://etl:${encodeURIComponent(secret)}@127.0.0.1:1/lake`
  const { code, stdout, stderr } = await cli.run(['connections', 'add', 'open', text])
  expect(code).toBe(0)
  expect(stderr).toContain('--password-stdin')
  expect(stdout + stderr).not.toContain(encodeURIComponent(secret))
  const run = await cli.run(['query', 'x', 'select 1', '-c', `x=${text}`])
  expect(run.code).toBe(1)
  expect(run.stdout + run.stderr).not.toContain(encodeURIComponent(secret))
})

test('without a terminal nothing is asked: a password comes from stdin, the environment, or not at all', async () => {
  const fromEnv = await cli.run(['connections', 'add', 'env', url, '--password-env', 'LAKE'], { env: { LAKE: secret } })
  expect(fromEnv.code, fromEnv.stderr).toBe(0)
  const missing = await cli.run(['connections', 'add', 'no', url, '--password-env', 'LAKE'])
  expect(missing.code).toBe(2)
  expect((await cli.run(['connections', 'add', 'none', url])).code).toBe(0)
})

test('add, test, list, remove; names that are taken or unknown are told', async () => {
  const added = await cli.run(['connections', 'add', 'shop', 'sqlite:shop.db'])
  expect(added.code, added.stderr).toBe(0)
  const taken = await cli.run(['connections', 'add', 'shop', 'sqlite:other.db'])
  expect(taken.code).toBe(2)
  expect(taken.stderr).toContain('already')
  expect((await cli.run(['connections', 'list'])).stdout).toMatch(/shop +sqlite +.*shop\.db/)
  expect((await cli.run(['connections', 'test', 'lake'])).code).toBe(1)
  expect((await cli.run(['connections', 'remove', 'shop'])).code).toBe(0)
  const gone = await cli.run(['connections', 'remove', 'shop'])
  expect(gone.code).toBe(2)
  expect(gone.stderr).toContain('CONNECTION_UNKNOWN')
})

test('a connection that cannot be used is listed, and what it lacks is told in full', async () => {
  await cli.file('connections.json', { ready: 'sqlite:ready.db', archive: `postgres://etl:\${NOT_SET_HERE}@host/db` })
  const { code, stdout, stderr } = await cli.run(['connections', 'list'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/ready +sqlite/)
  expect(stdout).toMatch(/archive +\?/)
  expect(stderr).toContain('needs the environment variable NOT_SET_HERE')
})

test('secrets are listed by name only', async () => {
  expect((await cli.run(['secrets', 'set', 'token', '--stdin'], { input: secret })).code).toBe(0)
  const { stdout } = await cli.run(['secrets', 'list'])
  expect(stdout).toContain('token')
  expect(stdout).not.toContain(secret)
  expect((await cli.run(['secrets', 'remove', 'token'])).code).toBe(0)
  expect((await cli.run(['secrets', 'remove', 'token'])).stderr).toContain('List them with: sluice secrets list')
  expect((await cli.run(['secrets', 'list'])).stdout).toBe('No secrets.\n')
})
