import { expect, it } from 'vitest'
import { formatTableName, parseTableName } from '../../../shared/sql/names.ts'
import { nodeName, sqlName, templateOf } from '../../../src-renderer/schema/sql-texts.ts'
import { column } from './schema-objects.ts'

const postgres = { dialect: 'postgres', defaultSchema: 'public' } as const

it('writes names with their schema where it is not the usual one, quoted where they must be', () => {
  expect(sqlName({ schema: 'public', name: 'orders' }, postgres)).toBe('orders')
  expect(sqlName({ schema: 'sales', name: 'Order "x"' }, postgres)).toBe('sales."Order ""x"""')
  expect(sqlName({ schema: 'a b', name: 'select' }, { dialect: 'mysql', defaultSchema: 'shop' })).toBe('`a b`.`select`')
  expect(sqlName({ schema: null, name: 'items' }, { dialect: 'sqlite', defaultSchema: null })).toBe('items')
})

it('quotes the words that each database takes for its own', () => {
  const quoted = (name: string) =>
    (['postgres', 'mysql', 'sqlite', 'duckdb'] as const).filter(
      (dialect) => sqlName({ schema: null, name }, { dialect, defaultSchema: null }) !== name,
    )
  expect(quoted('order')).toEqual(['postgres', 'mysql', 'sqlite', 'duckdb'])
  expect(quoted('user')).toEqual(['postgres'])
  expect(quoted('fetch')).toEqual(['postgres', 'mysql', 'duckdb'])
  expect(quoted('condition')).toEqual(['mysql'])
  expect(quoted('rank')).toEqual(['mysql'])
  expect(quoted('current_user')).toEqual(['postgres', 'mysql'])
  expect(quoted('at')).toEqual(['duckdb'])
  expect(quoted('name')).toEqual([])
})

it('writes names as nodes read them', () => {
  expect(nodeName({ schema: 'public', name: 'orders' }, 'public')).toBe('orders')
  for (const name of ['orders', 'a.b', 'say "x"', ' spaced ', 'Ünïcode']) {
    expect(parseTableName(nodeName({ schema: 'odd.one', name }, 'public'))).toEqual({ schema: 'odd.one', name })
    expect(parseTableName(formatTableName({ schema: null, name }))).toEqual({ name })
  }
})

it('makes statements of columns, with parameters called like them', () => {
  const columns = [
    column('id', { primaryKey: true }),
    column('full name'),
    column('full-name'),
    column('total', { generated: true }),
    column('日本'),
  ]
  const write = (template: 'columns' | 'select' | 'insert' | 'update') =>
    templateOf(template, { schema: 'public', name: 'people' }, columns, postgres)
  expect(write('columns')).toBe('id, "full name", "full-name", total, "日本"')
  expect(write('select')).toBe('select id, "full name", "full-name", total, "日本"\nfrom people')
  expect(write('insert')).toBe(
    'insert into people (id, "full name", "full-name", "日本")\nvalues (:id, :full_name, :full_name_2, :value)',
  )
  expect(write('update')).toBe(
    'update people\nset "full name" = :full_name, "full-name" = :full_name_2, "日本" = :value\nwhere id = :id',
  )
})

it('never makes an UPDATE of all rows, even of a table without a key', () => {
  const text = templateOf('update', { schema: null, name: 't' }, [column('a'), column('b')], postgres)
  expect(text).toBe('update t\nset a = :a, b = :b\nwhere a = :a')
})
