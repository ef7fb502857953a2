import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { CliSandbox, ndjson } from '../helpers/cli.ts'

// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cli: CliSandbox
beforeAll(async () => {
  cli = await CliSandbox.create()
})
afterAll(() => cli.remove())

const rows = { columns: [{ name: 'n', type: 'int32' }], rows: [[1], [2], [3]] }
const pipeline = (where = 'n > 1') => ({
  sluice: 1,
  name: 'Small',
  nodes: { numbers: { kind: 'rows', config: rows }, big: { kind: 'filter', config: { where } } },
  edges: [{ from: 'numbers', to: 'big' }],
})

test('a valid file is valid, and nothing is written about it elsewhere', async () => {
  await cli.file('valid.pipeline.json', pipeline())
  const { code, stdout, stderr } = await cli.run(['validate', 'valid.pipeline.json'])
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'valid.pipeline.json: valid (2 nodes)\n', stderr: '' })
})

test('each problem of an invalid document is told with its place and a hint; exit 2; the file stays as it was', async () => {
  const bad = pipeline()
  const text = JSON.stringify(
    { ...bad, nodes: { ...bad.nodes, big: { kind: 'filtr', config: {} } }, edges: [{ from: 'nobody', to: 'big' }] },
    null,
    1,
  )
  await cli.file('bad.pipeline.json', text)
  const commands = [
    ['validate', 'bad.pipeline.json'],
    ['run', 'bad.pipeline.json'],
    ['show', 'bad.pipeline.json'],
    ['explain', 'bad.pipeline.json'],
  ]
  for (const command of commands) {
    const { code, stderr } = await cli.run(command)
    expect(code, command.join(' ')).toBe(2)
    expect(stderr).toContain('there is no kind of node called "filtr"')
    expect(stderr).toMatch(/at {4}node big, kind, bad\.pipeline\.json:\d+:\d+/)
    expect(stderr).toMatch(/hint .*filter/)
    expect(stderr).toContain('nobody')
    expect(stderr).not.toMatch(/^\s+at .*\.ts:\d+/m)
  }
  expect(await readFile(cli.path('bad.pipeline.json'), 'utf8')).toBe(text)
})

test('text that is no JSON, a newer version and a missing file each end with exit 2 and their code', async () => {
  const newer = JSON.stringify({ ...pipeline(), sluice: 99 })
  await cli.file('broken.pipeline.json', '{ "sluice": 1,, }')
  await cli.file('newer.pipeline.json', newer)
  const broken = await cli.run(['validate', 'broken.pipeline.json', '--json'])
  const newest = await cli.run(['format', 'newer.pipeline.json'])
  const missing = await cli.run(['run', 'nowhere.pipeline.json'])
  expect(broken.code).toBe(2)
  expect(ndjson(broken.stdout)).toEqual([
    expect.objectContaining({ valid: false, problems: [expect.objectContaining({ code: 'DOC_SYNTAX' })] }),
  ])
  expect(newest.code).toBe(2)
  expect(newest.stderr).toContain('DOC_VERSION')
  expect(await readFile(cli.path('newer.pipeline.json'), 'utf8')).toBe(newer)
  expect(missing.code).toBe(2)
  expect(missing.stderr).toContain('There is no file nowhere.pipeline.json.')
})

test('format writes the standard form once, and --check tells before and after', async () => {
  await cli.file('loose.pipeline.json', JSON.stringify(pipeline()))
  const before = await cli.run(['format', '--check', 'loose.pipeline.json'])
  expect(before).toMatchObject({ code: 1, stdout: 'loose.pipeline.json is not in the standard form\n' })
  const shown = await cli.run(['format', '--stdout', 'loose.pipeline.json'])
  expect(await cli.run(['format', 'loose.pipeline.json'])).toMatchObject({ code: 0 })
  const text = await readFile(cli.path('loose.pipeline.json'), 'utf8')
  expect(text).toBe(shown.stdout)
  expect(await cli.run(['format', '--check', 'loose.pipeline.json'])).toMatchObject({ code: 0, stdout: '' })
  expect(await cli.run(['diff', 'valid.pipeline.json', 'loose.pipeline.json'])).toMatchObject({ code: 0, stdout: '' })
})

test('diff tells what a change means and exits 1; layout and formatting are no change', async () => {
  await cli.file('a.pipeline.json', pipeline())
  await cli.file('moved.pipeline.json', JSON.stringify({ ...pipeline(), layout: { big: [9, 9] } }))
  await cli.file('b.pipeline.json', pipeline('n > 2'))
  const moved = await cli.run(['diff', 'a.pipeline.json', 'moved.pipeline.json'])
  expect(moved.code).toBe(0)
  const changed = await cli.run(['diff', 'a.pipeline.json', 'b.pipeline.json'])
  expect(changed.code).toBe(1)
  expect(changed.stdout).toContain('~ node big')
  expect(changed.stdout).toContain('- n > 1')
  expect(changed.stdout).toContain('+ n > 2')
})

test('wrong use: unknown commands and options, missing arguments, and bad values end with exit 2 and say so', async () => {
  const wrong: [string[], RegExp][] = [
    [['rnu', 'a.pipeline.json'], /unknown command 'rnu'/],
    [['run'], /missing required argument 'file'/],
    [['run', 'a.pipeline.json', '--fast'], /unknown option '--fast'/],
    [['run', 'a.pipeline.json', '--param', 'since'], /NAME=VALUE/],
    [['run', 'a.pipeline.json', '--param', 'since=1'], /no parameter "since"/],
    [['run', 'a.pipeline.json', '--mode', 'fast'], /inspect, deliver/],
    [['run', 'a.pipeline.json', '--to', 'bgi'], /no node "bgi"[\s\S]*big/],
    [['run', 'a.pipeline.json', '--resume', 'last'], /no runs yet/],
    [[], /Usage: sluice/],
  ]
  for (const [args, message] of wrong) {
    const { code, stderr } = await cli.run(args)
    expect(stderr, args.join(' ')).toMatch(message)
    expect(code, args.join(' ')).toBe(2)
  }
})

test('show gives the exact columns, and the message of the one node that does not bind', async () => {
  const show = await cli.run(['show', 'a.pipeline.json', '--json'])
  expect(show.code).toBe(0)
  expect(ndjson(show.stdout).map(({ node, columns }) => [node, columns])).toContainEqual([
    'numbers',
    { out: [{ name: 'n', type: 'int32' }] },
  ])
  await cli.file('unbound.pipeline.json', pipeline('m > 1'))
  const unbound = await cli.run(['show', 'unbound.pipeline.json', 'big'])
  expect(unbound.code).not.toBe(0)
  expect(unbound.stderr).toMatch(/m\b/)
  expect(unbound.stderr).toContain('node big')
})

test('explain shows the SQL of the embedded engine and runs nothing', async () => {
  const { code, stdout } = await cli.run(['explain', 'a.pipeline.json'])
  expect(code).toBe(0)
  expect(stdout).toContain('n > 1')
  expect((await cli.run(['runs', 'list', '--json'])).stdout).toBe('')
})

test('help teaches: every command has examples or says what its parts do', async () => {
  const { code, stdout } = await cli.run(['--help'])
  expect(code).toBe(0)
  const commands = ['run', 'validate', 'show', 'explain', 'format', 'diff', 'query', 'connections', 'secrets', 'runs']
  for (const command of commands) {
    expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'))
    const help = await cli.run([command, '--help'])
    expect(help.code, command).toBe(0)
    expect(help.stdout, command).toMatch(/Examples?:|Commands:/)
  }
})
