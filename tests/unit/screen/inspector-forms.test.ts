import { describe, expect, it } from 'vitest'
import { fields } from '../../../shared/nodes/form.ts'
import { configProblems, problemText } from '../../../shared/nodes/problems.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { itemSchema, settingOf } from '../../../shared/nodes/settings.ts'
import { isShown, pruned } from '../../../src-renderer/inspector/form/pruned.ts'
import { fieldTroubles, troubleAt } from '../../../src-renderer/inspector/form/troubles.ts'

function definitionOf(kind: string) {
  const definition = registry.get(kind)
  if (!definition) throw new Error(`No kind ${kind}.`)
  return definition
}

const problems = (kind: string, config: object) => configProblems(definitionOf(kind), config)

describe('problems of a config', () => {
  it('are told in the words of the form', () => {
    expect(problems('filter', { where: 'a > 1' })).toEqual([])
    expect(problems('filter', {})).toEqual([{ field: 'where', label: 'Condition', message: 'Fill this in.' }])
    expect(problems('join', { keys: [] })).toMatchObject([{ field: 'keys', message: 'Add at least one.' }])
    expect(problems('limit', { count: -1 })).toMatchObject([{ field: 'count', label: 'Rows' }])
  })

  it('name the item of a list and its field', () => {
    const [problem] = problems('aggregate', {
      measures: [
        { name: 'n', function: 'count' },
        { function: 'sum', column: 'a' },
      ],
    })
    expect(problem).toMatchObject({ field: 'measures.1.name', label: 'Measures 2, name' })
    expect(problem && problemText(problem)).toBe('Measures 2, name: fill this in.')
  })

  it('reach the fields inside a union', () => {
    const url = 'https://example.org'
    expect(problems('http', { url, pagination: { type: 'cursor', parameter: 'after' } })).toMatchObject([
      { field: 'pagination.path', label: 'Pages, found at' },
    ])
  })
})

describe('troubles of fields', () => {
  const join = definitionOf('join')
  const config = { keys: [{ left: 'id' }] }

  it('are what the settings tell, then what the look tells', () => {
    const report = { code: 'CONFIG_COLUMN' as const, message: 'No id.', hint: 'Did you mean ids?', retryable: false }
    const error = { ...report, at: { node: 'j', field: 'keys.0.left', position: 3 } }
    expect(fieldTroubles(join, {}, error).get('keys')?.message).toBe('Fill this in.')
    const troubles = fieldTroubles(join, config, error)
    expect(troubleAt(troubles, 'keys.0.left', false)).toEqual({
      message: 'No id.',
      hint: 'Did you mean ids?',
      position: 3,
    })
    expect(troubleAt(troubles, 'keys', false)).toBeUndefined()
    expect(troubleAt(troubles, 'keys', true)?.message).toBe('No id.')
    expect(troubleAt(troubles, 'key', true)).toBeUndefined()
  })
})

describe('settings of a schema', () => {
  it('have a description, a fallback and whether they are needed', () => {
    const sort = definitionOf('sort').config
    const keys = settingOf(sort, 'keys')
    expect(keys).toMatchObject({ required: true, fallback: undefined })
    expect(keys?.description).toMatch(/^Columns to order by/)
    const item = keys && itemSchema(keys.schema)
    expect(item && settingOf(item, 'direction')).toMatchObject({ required: false, fallback: 'asc' })
    expect(settingOf(sort, 'nothing')).toBeUndefined()
    const pages = settingOf(definitionOf('http').config, 'pagination')
    expect(pages && settingOf(pages.schema, 'path')?.required).toBe(true)
  })

  it('are reached by every field of every form', () => {
    const unknown: string[] = []
    for (const kind of registry.kinds()) {
      const { form, config } = definitionOf(kind)
      for (const field of form) {
        const setting = settingOf(config, field.name)
        if (!setting) unknown.push(`${kind}.${field.name}`)
        const inner = field.editor === 'list' ? setting && itemSchema(setting.schema) : setting?.schema
        for (const part of field.fields ?? []) {
          if (!inner || !settingOf(inner, part.name)) unknown.push(`${kind}.${field.name}.${part.name}`)
        }
      }
    }
    expect(unknown).toEqual([])
  })
})

describe('fields that count only sometimes', () => {
  const form = fields<{ mode: 'a' | 'b'; extra?: number; other?: string }>(
    { name: 'mode', label: 'Mode', editor: 'choice', options: [{ value: 'a', label: 'A' }] },
    { name: 'extra', label: 'Extra', editor: 'number', when: ({ mode }) => mode === 'a' },
    { name: 'other', label: 'Other', editor: 'text', when: ({ mode }) => mode === 'b' },
  )

  it('lose their value when a choice makes them meaningless, and no other does', () => {
    expect(pruned(form, { mode: 'a', extra: 1 }, { mode: 'b', extra: 1 })).toEqual({ mode: 'b' })
    expect(pruned(form, { mode: 'a', other: 'x' }, { mode: 'a', other: 'x', extra: 2 })).toEqual({
      mode: 'a',
      other: 'x',
      extra: 2,
    })
  })

  it('stay in sight while they have a value', () => {
    const [, , other] = form
    expect(other && isShown(other, { mode: 'a' })).toBe(false)
    expect(other && isShown(other, { mode: 'a', other: 'x' })).toBe(true)
  })

  it('never make a fresh node of a kind that the form cannot mend', () => {
    for (const kind of registry.kinds()) {
      const { form: own, defaults } = definitionOf(kind)
      const shown = new Set(own.filter((field) => isShown(field, defaults)).map(({ name }) => name))
      for (const { field } of problems(kind, defaults)) expect(shown, kind).toContain(field.split('.')[0])
    }
  })
})
