import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generatedFiles } from '../../../scripts/generated.ts'
import { examples } from '../../../scripts/reference-examples.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { formatPipeline } from '../../../shared/pipeline/format.ts'
import { pipelineJsonSchema } from '../../../shared/pipeline/json-schema.ts'
import { openPipeline, parsePipeline } from '../../../shared/pipeline/parse.ts'
import { meets } from './json-schema-validator.ts'
import { kinds } from './kinds.ts'

const root = join(import.meta.dirname, '../../..')
const files = generatedFiles()
const schema = pipelineJsonSchema(registry)
const document = (node: Record<string, unknown>) => ({ sluice: 1, name: 'x', nodes: { a: node } })

/** JSON blocks in a page, parsed. */
const jsonBlocks = (text: string): unknown[] =>
  [...text.matchAll(/```json\n(.*?)```/gs)].map(([, block]) => JSON.parse(block ?? ''))

describe('what npm run generate makes', () => {
  it.each([...files.keys()])('%s is committed as it is made', (path) => {
    const file = join(root, path)
    expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined, 'run: npm run generate').toBe(files.get(path))
  })

  it('has a page for every kind and no other', () => {
    const pages = readdirSync(join(root, 'docs/nodes')).toSorted()
    expect(pages).toEqual([...registry.kinds().map((kind) => `${kind}.md`), 'README.md'].toSorted())
  })

  it.each([...registry.kinds()])('shows an example of %s that parses, and describes every field', (kind) => {
    const definition = registry.get(kind)
    const page = files.get(`docs/nodes/${kind}.md`) ?? ''
    const shown = jsonBlocks(page)
    expect(shown.length).toBeGreaterThan(0)
    if (kind in examples) expect(definition?.config.safeParse(examples[kind]).error).toBeUndefined()
    for (const port of [...(definition?.inputs ?? []), ...(definition?.outputs ?? [])]) {
      expect(page).toContain(`\`${port.name}\``)
    }
    for (const field of definition?.form ?? []) expect(page).toContain(`| \`${field.name}`)
  })
})

describe('pipeline.schema.json', () => {
  it('accepts the examples of every kind, as the parser does', () => {
    for (const [kind, config] of Object.entries(examples)) {
      expect(meets(schema, document({ kind, config })), kind).toBe(true)
    }
  })

  it.each<[string, Record<string, unknown>, boolean]>([
    ['a text', { kind: 'query', config: { connection: 'c', sql: 'select 1' } }, true],
    ['a list of lines', { kind: 'query', config: { connection: 'c', sql: ['select', '1'] } }, true],
    ['a list of numbers', { kind: 'query', config: { connection: 'c', sql: [1] } }, false],
    ['a missing field', { kind: 'query', config: { connection: 'c' } }, false],
    ['a missing config', { kind: 'query' }, false],
    ['an unknown field', { kind: 'query', config: { connection: 'c', sql: 'select 1', x: 1 } }, false],
    ['the config of another kind', { kind: 'filter', config: { connection: 'c', sql: 'select 1' } }, false],
    ['an unknown kind', { kind: 'fliter', config: { where: 'true' } }, false],
    ['a wrong choice', { kind: 'load', config: { connection: 'c', table: 't', mode: 'insert' } }, false],
    ['a retry', { kind: 'filter', config: { where: 'x' }, retry: { count: 2, on: ['CONNECTION'] } }, true],
    ['a retry on nothing known', { kind: 'filter', config: { where: 'x' }, retry: { count: 2, on: ['NET'] } }, false],
    ['a version the kind does not have', { kind: 'filter', config: { where: 'x' }, version: 2 }, false],
  ])('and the parser agree on %s', (_name, node, valid) => {
    expect(meets(schema, document(node))).toBe(valid)
    const problems = () =>
      openPipeline(JSON.stringify(document(node)), registry).problems.filter(({ code }) => code !== 'GRAPH_PORT')
    if (valid) expect(problems()).toEqual([])
    else expect(() => expect(problems()).toEqual([])).toThrow()
  })

  it('refuses wrong keys, ids and positions at the top', () => {
    expect(meets(schema, { sluice: 1, name: 'x', nodes: {} })).toBe(true)
    expect(meets(schema, { sluice: 2, name: 'x', nodes: {} })).toBe(false)
    expect(meets(schema, { sluice: 1, nodes: {} })).toBe(false)
    expect(meets(schema, { sluice: 1, name: 'x', nodes: {}, edgs: [] })).toBe(false)
    expect(meets(schema, { sluice: 1, name: 'x', nodes: { '1a': { kind: 'union' } } })).toBe(false)
    expect(meets(schema, { sluice: 1, name: 'x', nodes: {}, layout: { a: [1] } })).toBe(false)
    expect(meets(schema, { sluice: 1, name: 'x', nodes: {}, edges: [{ from: 'a' }] })).toBe(false)
  })

  it('asks for the version of a kind that changed', () => {
    const versioned = pipelineJsonSchema(kinds)
    const config = { tables: ['orders'] }
    expect(meets(versioned, document({ kind: 'versioned', version: 3, config }))).toBe(true)
    expect(meets(versioned, document({ kind: 'versioned', config }))).toBe(false)
  })
})

describe('docs/pipeline-format.md', () => {
  const text = readFileSync(join(root, 'docs/pipeline-format.md'), 'utf8')

  it('begins with a pipeline that is valid and in the standard form', () => {
    const example = /```json\n(.*?)```/s.exec(text)?.[1] ?? ''
    const { pipeline } = parsePipeline(example, registry)
    expect(formatPipeline(pipeline, registry)).toBe(example)
    expect(meets(schema, JSON.parse(example))).toBe(true)
  })

  it('names every key of the document, of nodes, edges, parameters and retry', () => {
    const keys = (value: unknown): string[] => {
      if (typeof value !== 'object' || value === null || !('properties' in value)) return []
      return Object.entries(Object(value.properties)).flatMap(([key, inner]) => [
        key,
        ...keys(inner),
        ...keys(Reflect.get(Object(inner), 'items')),
      ])
    }
    const node = Reflect.get(Object(schema.definitions), 'node')
    for (const key of [...keys(schema), ...keys(node)]) expect(text).toContain(`\`${key}\``)
  })
})
