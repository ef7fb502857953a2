import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { checkDefaults, resolveParameters } from '../../../shared/pipeline/parameters.ts'
import type { Parameter, ParameterType } from '../../../shared/pipeline/schema.ts'

const one = (type: ParameterType, given: unknown, more: Partial<Parameter> = {}) =>
  resolveParameters([{ name: 'p', type, ...more }], { p: given }).p

function failure(parameters: Parameter[], given: Record<string, unknown>): AppError {
  try {
    resolveParameters(parameters, given)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('values', () => {
  it.each<[ParameterType, unknown, unknown]>([
    ['text', "'; drop table x; --", "'; drop table x; --"],
    ['text', '', ''],
    ['text', ' a ', ' a '],
    ['int', '9223372036854775807', 9223372036854775807n],
    ['int', -5, -5n],
    ['float', '1e-3', 0.001],
    ['float', 'NaN', Number.NaN],
    ['float', 2, 2],
    ['decimal', '12345678901234567890.0123456789', '12345678901234567890.0123456789'],
    ['decimal', 1.5, '1.5'],
    ['boolean', 'true', true],
    ['boolean', '0', false],
    ['boolean', false, false],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', '0001-01-01', '0001-01-01'],
    ['timestamp', '2024-01-31T12:30', '2024-01-31 12:30:00'],
    ['timestamp', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999'],
    ['timestamp', '2024-01-31', '2024-01-31 00:00:00'],
    ['timestamptz', '2024-01-01T00:30:00.123456+01:00', '2023-12-31 23:30:00.123456+00'],
    ['timestamptz', '2024-01-01 00:00:00Z', '2024-01-01 00:00:00+00'],
    ['timestamptz', '2024-06-30 20:00-0530', '2024-07-01 01:30:00+00'],
    ['uuid', '123E4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
    ['json', '{"a": [1]}', '{"a": [1]}'],
    ['json', { a: [1] }, '{"a":[1]}'],
  ])('%s reads %j', (type, given, value) => {
    expect(one(type, given)?.value).toEqual(value)
  })

  it.each<[ParameterType, unknown]>([
    ['int', '1.5'],
    ['int', '9223372036854775808'],
    ['int', ''],
    ['int', 'abc'],
    ['int', [1]],
    ['float', 'one'],
    ['float', '1e400'],
    ['float', '0x1F'],
    ['decimal', '1e5'],
    ['decimal', '1,5'],
    ['boolean', 'yes'],
    ['date', '2023-02-29'],
    ['date', '31.01.2024'],
    ['date', '0000-01-01'],
    ['timestamp', '2024-01-31 25:00'],
    ['timestamp', '2024-01-31 12:30:00+01'],
    ['timestamptz', '2024-01-31 12:30:00'],
    ['timestamptz', '0001-01-01 00:00:00+01'],
    ['uuid', '123'],
    ['json', '{a: 1}'],
    ['text', { a: 1 }],
  ])('%s refuses %j', (type, given) => {
    const error = failure([{ name: 'p', type }], { p: given })
    expect(error).toMatchObject({ code: 'CONFIG_PARAMETER', at: { field: 'p' } })
    expect(error.message).toContain('The parameter "p"')
    expect(error.hint).toMatch(/^Write it like /)
  })

  it('carry the type they are bound as', () => {
    expect(one('int', '1')?.type).toEqual({ kind: 'int64' })
    expect(one('float', '1')?.type).toEqual({ kind: 'float64' })
    expect(one('timestamptz', '2024-01-01Z')?.type).toEqual({ kind: 'timestamptz' })
  })
})

describe('what is given', () => {
  const parameters: Parameter[] = [
    { name: 'since', type: 'date', default: '2024-01-01' },
    { name: 'limit', type: 'int' },
    { name: 'note', type: 'text', optional: true },
  ]

  it('comes first, then the default, then NULL where optional', () => {
    expect(resolveParameters(parameters, { limit: '5' })).toEqual({
      since: { type: { kind: 'date' }, value: '2024-01-01' },
      limit: { type: { kind: 'int64' }, value: 5n },
      note: { type: { kind: 'text' }, value: null },
    })
    expect(resolveParameters(parameters, { limit: 5, since: '2025-01-01' }).since?.value).toBe('2025-01-01')
  })

  it('must not lack a required value', () => {
    const error = failure(parameters, {})
    expect(error.message).toBe('The parameter "limit" needs a value.')
    expect(error.hint).toContain('--param limit=42')
    expect(failure(parameters, { limit: null }).message).toBe('The parameter "limit" needs a value.')
  })

  it('must not name what is not there', () => {
    expect(failure(parameters, { limit: 1, sinse: 'x' })).toMatchObject({
      message: 'The pipeline has no parameter "sinse".',
      hint: 'Did you mean "since"?',
    })
    expect(failure([], { x: 1 }).hint).toBe('The pipeline has no parameters.')
    expect(failure(parameters, { constructor: 1, limit: 1 }).code).toBe('CONFIG_PARAMETER')
  })
})

describe('limits', () => {
  it.each<[Parameter, unknown, boolean]>([
    [{ name: 'p', type: 'int', min: 1, max: 10 }, '10', true],
    [{ name: 'p', type: 'int', min: 1, max: 10 }, '11', false],
    [{ name: 'p', type: 'int', min: '9223372036854775806' }, '9223372036854775805', false],
    [{ name: 'p', type: 'float', max: 1 }, 'NaN', false],
    [{ name: 'p', type: 'decimal', max: '0.30' }, '0.3', true],
    [{ name: 'p', type: 'decimal', min: '-10' }, '-9.5', true],
    [{ name: 'p', type: 'decimal', min: '-10' }, '-10.01', false],
    [{ name: 'p', type: 'date', min: '2024-01-01' }, '2023-12-31', false],
    [{ name: 'p', type: 'text', values: ['a', 'b'] }, 'b', true],
    [{ name: 'p', type: 'text', values: ['a', 'b'] }, 'c', false],
    [{ name: 'p', type: 'int', values: [1, 2] }, '2', true],
  ])('%j with %s: %s', (parameter, given, allowed) => {
    if (allowed) expect(resolveParameters([parameter], { p: given }).p).toBeDefined()
    else expect(failure([parameter], { p: given }).hint).toMatch(/^(It must be|Allowed:)/)
  })

  it('are checked themselves', () => {
    const problems = checkDefaults([
      { name: 'a', type: 'int', min: 'x' },
      { name: 'b', type: 'int', values: [1, 'y'] },
      { name: 'c', type: 'int', values: [1, 2], default: 3 },
      { name: 'd', type: 'date', default: null },
    ])
    expect(problems.map(({ path }) => path.join('.'))).toEqual([
      'parameters.0.min',
      'parameters.1.values.1',
      'parameters.2.default',
    ])
  })
})
