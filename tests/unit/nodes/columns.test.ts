import { describe, expect, it } from 'vitest'
import { formatType, parseType, scalarKinds } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { checkDistinct, findColumn, findColumns, inputAt, unusedName } from '../../../shared/nodes/columns.ts'
import { duckType, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import { lastName, parsePath, pointer } from '../../../shared/sql/json-path.ts'
import { openDuck, relation, rowsOf } from './duck.ts'

const text = { kind: 'text' as const }
const input = relation('t', [
  { name: 'Total Amount', type: text },
  { name: 'total_amount', type: text },
  { name: 'id', type: text },
])

const caught = (work: () => unknown): AppError => {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('Nothing was thrown.')
}

describe('columns', () => {
  it('are found whatever their case, under the name they arrive with', () => {
    expect(findColumn(input, 'ID', 'f').name).toBe('id')
    expect(findColumns(input, ['TOTAL amount', 'id'], 'f').map(({ name }) => name)).toEqual(['Total Amount', 'id'])
  })

  it('that do not arrive are named, with the nearest ones', () => {
    const error = caught(() => findColumn(input, 'amount', 'keys.0'))
    expect(error.toJSON()).toEqual({
      code: 'CONFIG_COLUMN',
      message: 'The column amount does not arrive. Did you mean Total Amount or total_amount?',
      hint: 'Columns that arrive: Total Amount, total_amount, id.',
      at: { field: 'keys.0' },
      retryable: false,
    })
    expect(caught(() => findColumn(input, 'xyzzy', 'f')).message).toBe('The column xyzzy does not arrive.')
    expect(caught(() => findColumn(relation('t', []), 'a', 'f')).hint).toBe('Columns that arrive: none.')
  })

  it('may be listed once', () => {
    expect(caught(() => findColumns(input, ['id', 'ID'], 'keys')).at).toEqual({ field: 'keys.1' })
  })

  it('that are made need names that are free, whatever the case', () => {
    const field = (index: number) => `items.${index}.name`
    expect(() => checkDistinct(['a', 'b'], field, ['c'])).not.toThrow()
    expect(caught(() => checkDistinct(['a', 'C'], field, ['c'])).at).toEqual({ field: 'items.1.name' })
    expect(caught(() => checkDistinct(['a', 'A'], field)).code).toBe('CONFIG_INVALID')
    expect(unusedName([{ name: 'N' }, { name: 'n_2' }], 'n')).toBe('n_3')
  })

  it('arrive at a port that is wired', () => {
    expect(inputAt([input])).toBe(input)
    expect(caught(() => inputAt([input], 'left')).code).toBe('GRAPH_PORT')
  })
})

describe('SQL text', () => {
  it('quotes names and texts so that they come back as they were', async () => {
    const duck = await openDuck()
    for (const odd of ['a"b', "it's", 'x; drop', '--', '/*', '', 'ü\n\\', '"', "''"]) {
      const name = odd === '' ? 'x' : odd
      const reader = await duck.runAndReadAll(`SELECT ${quoteText(odd)} AS ${quoteName(name)}`)
      expect(reader.columnNames()).toEqual([name])
      expect(reader.getRowsJson()).toEqual([[odd]])
    }
    duck.closeSync()
  })

  it('has a DuckDB type for every column type', async () => {
    const duck = await openDuck()
    const types = [
      ...scalarKinds,
      'decimal',
      'decimal(50,2)',
      'decimal(12,2)',
      "enum('it''s','b')",
      'list(list(int64))',
    ].map(parseType)
    const select = types.map((type, index) => `CAST(NULL AS ${duckType(type)}) AS c${index}`)
    await expect(rowsOf(duck, `SELECT ${select.join(', ')}`)).resolves.toEqual([types.map(() => null)])
    expect(types.map((type) => [formatType(type), duckType(type)])).toContainEqual(['decimal', 'DECIMAL(38,10)'])
    expect(duckType(parseType('decimal(50,2)'))).toBe('DECIMAL(38,10)')
    expect(duckType(parseType('list(decimal(4,2))'))).toBe('DECIMAL(4,2)[]')
    duck.closeSync()
  })
})

describe('JSON paths', () => {
  it.each([
    ['a', ['a'], '/a'],
    ['$', [], '$'],
    ['$.a', ['a'], '/a'],
    ['$x', ['$x'], '/$x'],
    ['a.b[0].c', ['a', 'b', 0, 'c'], '/a/b/0/c'],
    ['[2][3]', [2, 3], '/2/3'],
    ['"odd . name"."say \\"hi\\""', ['odd . name', 'say "hi"'], '/odd . name/say "hi"'],
    ['a/b.c~d', ['a/b', 'c~d'], '/a~1b/c~0d'],
  ])('reads %s', (path, steps, asPointer) => {
    expect(parsePath(path, 'f')).toEqual(steps)
    expect(pointer(parsePath(path, 'f'))).toBe(asPointer)
  })

  it.each([
    ['.a', 0],
    ['a.', 1],
    ['a..b', 1],
    ['a[x]', 1],
    ['a[1', 1],
    ['"a', 0],
    ['a"b"', 1],
    ['a[0]b', 4],
  ])('refuses %s at %i', (path, position) => {
    expect(caught(() => parsePath(path, 'f'))).toMatchObject({ code: 'CONFIG_INVALID', at: { field: 'f', position } })
  })

  it('name a value by their last name', () => {
    expect(lastName(parsePath('a.b[0]', 'f'))).toBe('b')
    expect(lastName(parsePath('[0]', 'f'))).toBeUndefined()
  })
})
