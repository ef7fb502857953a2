import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { goldenCases } from '../../golden/golden.ts'

const root = join(import.meta.dirname, '../../..')
const kinds = registry.kinds()

function definitionOf(kind: string) {
  const definition = registry.get(kind)
  if (definition === undefined) throw new Error(`No kind ${kind}.`)
  return definition
}

describe('registry', () => {
  it('lists kinds in alphabetical order, once each', () => {
    expect(kinds).toEqual([...new Set(kinds)].sort())
    expect(registry.get('no such kind')).toBeUndefined()
  })

  it('knows every kind that a file declares', () => {
    const declared = readdirSync(join(root, 'shared/nodes'))
      .filter((file) => /^\s*kind: '/m.test(readFileSync(join(root, 'shared/nodes', file), 'utf8')))
      .map((file) => file.replace(/\.ts$/, ''))
    expect(declared.sort()).toEqual([...kinds])
  })

  it.each([
    ['load', { connection: 'c', table: 't', mode: 'upsert' }, 'keys'],
    ['load', { connection: 'c', table: 't', mode: 'delete' }, 'keys'],
    ['aggregate', {}, 'measures'],
  ])('knows of a %s that cannot run by its config alone', (kind, config, field) => {
    const { error } = definitionOf(kind).config.safeParse(config)
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field])
  })

  it('parses a config before a definition sees it', () => {
    const limit = definitionOf('limit')
    expect(limit.summary({ count: 5 })).toBe('first 5')
    expect(() => limit.summary({ count: -5 })).toThrow(AppError)
    const thrown = (() => {
      try {
        return definitionOf('sort').sql?.({ keys: [{ column: 'a', direction: 'up' }] }, [])
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toMatchObject({ code: 'CONFIG_INVALID', at: { field: 'keys.0.direction' } })
  })
})

describe.each(kinds)('%s', (kind) => {
  const definition = definitionOf(kind)

  it('has a file, golden cases and a page in the docs', () => {
    expect(definition.kind).toBe(kind)
    expect(existsSync(join(root, 'shared/nodes', `${kind}.ts`))).toBe(true)
    expect(existsSync(join(root, 'docs/nodes', `${kind}.md`))).toBe(true)
    expect(goldenCases().filter((test) => test.kind === kind)).not.toEqual([])
  })

  it('describes every setting', () => {
    const schema = z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' })
    expect(undescribed(schema, 'config')).toEqual([])
  })

  it('has help, and a form over its own settings', () => {
    expect(definition.help.split('\n')[0]).toMatch(/^[A-Z].*\.$/)
    expect(definition.icon).toMatch(/^Icon[A-Z]/)
    const fields = settingsOf(definition.config)
    for (const { name } of definition.form) expect(fields).toContain(name)
    for (const name of definition.parameterFields ?? []) expect(fields).toContain(name)
    for (const name of Object.keys(definition.defaults)) expect(fields).toContain(name)
    expect(new Set(definition.form.map(({ name }) => name)).size).toBe(definition.form.length)
    for (const field of fields) expect(definition.form.map(({ name }) => name)).toContain(field)
  })

  it('starts with nothing that is wrong already or that its form would not ask for', () => {
    const defaults: Record<string, unknown> = definition.defaults ?? {}
    for (const field of definition.form) {
      const items = defaults[field.name]
      if (!field.fields || !Array.isArray(items)) continue
      for (const item of items) {
        const asked = field.fields.filter(({ when }) => when?.(item) ?? true).map(({ name }) => name)
        expect(asked).toEqual(expect.arrayContaining(Object.keys(item)))
      }
    }
    expect(defaults).not.toHaveProperty('url')
  })

  it('names its ports', () => {
    for (const ports of [definition.inputs, definition.outputs]) {
      expect(new Set(ports.map(({ name }) => name)).size).toBe(ports.length)
      for (const port of ports) expect(port.title).not.toBe('')
    }
  })
})

function settingsOf(config: z.ZodType): string[] {
  const { properties = {} } = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' })
  return Object.keys(properties)
}

/** Paths of properties without a description, at any depth. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const found: string[] = []
  for (const [key, value] of Object.entries(schema)) {
    if (key !== 'properties') {
      found.push(...undescribed(value, path))
      continue
    }
    for (const [name, property] of Object.entries<unknown>(value ?? {})) {
      const object = typeof property === 'object' && property !== null
      // The name of a variant says all there is to say.
      const described = object && ('description' in property || 'const' in property)
      if (!described) found.push(`${path}.${name}`)
      found.push(...undescribed(property, `${path}.${name}`))
    }
  }
  return found
}
