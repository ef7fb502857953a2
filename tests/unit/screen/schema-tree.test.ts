import { describe, expect, it } from 'vitest'
import { estimateText } from '../../../src-renderer/schema/facts.ts'
import { listObjects, objectId, schemaId } from '../../../src-renderer/schema/listing.ts'
import { findTyped, treeMove } from '../../../src-renderer/schema/moves.ts'
import { type DetailState, nameOfRow, partIdOf, type TreeRow, treeRows } from '../../../src-renderer/schema/rows.ts'
import { column, detail, manyTables, table } from './schema-objects.ts'

const orders = table('public', 'orders', { rows: 1_234_567 })
const customers = table('public', 'Customers')
const items10 = table('public', 'items10')
const items9 = table('public', 'items9')
const log = table('audit', 'log', { kind: 'view' })

const shop = listObjects({
  schemas: ['audit', 'empty', 'public'],
  defaultSchema: 'public',
  objects: [orders, items10, log, customers, items9],
})

const ordersDetail = detail(orders, {
  columns: [
    column('id', { primaryKey: true, nullable: false, databaseType: 'bigint' }),
    column('customer_id', { nullable: false }),
    column('note'),
  ],
  indexes: [{ name: 'orders_pkey', columns: ['id'], unique: true, primary: true, condition: null, method: 'btree' }],
  foreignKeys: [
    {
      name: 'fk',
      columns: ['customer_id'],
      references: { schema: 'public', table: 'Customers', columns: ['id'] },
      onDelete: 'cascade',
      onUpdate: null,
    },
  ],
})
const known = (state: DetailState): ReadonlyMap<string, DetailState> => new Map([[objectId(orders), state]])
const ready = known({ state: 'ready', detail: ordersDetail })
const nothing: ReadonlyMap<string, DetailState> = new Map()

/** Lines as a person sees them. */
const shown = (rows: readonly TreeRow[]) =>
  rows.map((row) => `${'  '.repeat(row.level - 1)}${row.type === 'note' ? row.text : nameOfRow(row)}`)

describe('lines of the tree', () => {
  it('shows the default schema first, names in the order people read numbers, and schemas that hold nothing', () => {
    const expanded = new Set(['public', 'empty'].map(schemaId))
    expect(shown(treeRows(shop, { expanded, search: '', details: nothing }))).toEqual([
      'public',
      '  Customers',
      '  items9',
      '  items10',
      '  orders',
      'audit',
      'empty',
      '  No tables or views',
    ])
  })

  it('shows the parts of an open table that it has something of', () => {
    const id = objectId(orders)
    const expanded = new Set([schemaId('public'), id, partIdOf(id, 'columns'), partIdOf(id, 'foreignKeys')])
    const rows = treeRows(shop, { expanded, search: '', details: ready })
    const from = rows.findIndex((row) => row.id === id)
    expect(shown(rows.slice(from, from + 8))).toEqual([
      '  orders',
      '    Columns',
      '      id',
      '      customer_id',
      '      note',
      '    Indexes',
      '    Foreign keys',
      '      customer_id',
    ])
    expect(rows[from + 3]).toMatchObject({ type: 'column', foreignKey: true, position: 2, size: 3, level: 4 })
    expect(rows[from + 7]).toMatchObject({
      fact: { text: '→ Customers (id) · on delete cascade', to: { schema: 'public', name: 'Customers' } },
    })
  })

  it('says that a table is read, and why that failed', () => {
    const expanded = new Set([schemaId('public'), objectId(orders)])
    const lines = (details: ReadonlyMap<string, DetailState>) =>
      shown(treeRows(shop, { expanded, search: '', details })).slice(5, 6)
    expect(lines(nothing)).toEqual(['    Loading…'])
    expect(lines(known({ state: 'failed', message: 'Gone' }))).toEqual(['    Gone'])
  })

  it('has no schemas where the database has none', () => {
    const lite = listObjects({ schemas: [], defaultSchema: null, objects: [table(null, 'b'), table(null, 'a')] })
    expect(shown(treeRows(lite, { expanded: new Set(), search: '', details: nothing }))).toEqual(['a', 'b'])
  })
})

describe('searching', () => {
  const find = (search: string, details = nothing) => treeRows(shop, { expanded: new Set(), search, details })

  it('finds names that hold every word in any case, under their schemas', () => {
    expect(shown(find('CUST'))).toEqual(['public', '  Customers'])
    expect(shown(find('1 item'))).toEqual(['public', '  items10'])
    expect(shown(find('audit.l'))).toEqual(['audit', '  log'])
    expect(shown(find('public.l'))).toEqual([])
    expect(shown(find('nothing of the kind'))).toEqual([])
  })

  it('marks what was found', () => {
    const marks = find('ms it').flatMap((row) => (row.type === 'object' ? [row.marks] : []))
    expect(marks).toEqual([
      [
        [0, 2],
        [3, 5],
      ],
      [
        [0, 2],
        [3, 5],
      ],
    ])
    expect(find('ite tem')[1]).toMatchObject({ marks: [[0, 4]] })
  })

  it('finds columns of what was opened, and only those', () => {
    expect(shown(find('customer_', ready))).toEqual(['public', '  orders', '    Columns', '      customer_id'])
    expect(shown(find('customer_'))).toEqual([])
  })

  it('finds its way in five thousand tables', () => {
    const listing = listObjects({ schemas: [], defaultSchema: null, objects: [...manyTables] })
    const rows = treeRows(listing, { expanded: new Set(), search: 'invoice archive', details: nothing })
    const objects = rows.filter(({ type }) => type === 'object')
    expect(objects).toHaveLength(50)
    expect(objects.every((row) => /^invoice_Archive_/.test(nameOfRow(row)))).toBe(true)
    expect(rows.filter(({ type }) => type === 'schema').every((row) => row.level === 1)).toBe(true)
  })
})

describe('keys', () => {
  const id = objectId(orders)
  const expanded = new Set([schemaId('public'), id, partIdOf(id, 'columns')])
  const rows = treeRows(shop, { expanded, search: '', details: ready })
  const at = (name: string) => rows.findIndex((row) => nameOfRow(row) === name)
  const go = (name: string, key: string) => treeMove(rows, at(name), key, 3)

  it('open what is closed and go in, close what is open and go out', () => {
    expect(go('audit', 'ArrowRight')).toEqual({ type: 'open', index: at('audit') })
    expect(go('orders', 'ArrowRight')).toEqual({ type: 'go', index: at('Columns') })
    expect(go('orders', 'ArrowLeft')).toEqual({ type: 'close', index: at('orders') })
    expect(go('note', 'ArrowLeft')).toEqual({ type: 'go', index: at('Columns') })
    expect(go('note', 'ArrowRight')).toBeUndefined()
    expect(go('Customers', 'ArrowLeft')).toEqual({ type: 'go', index: at('public') })
    expect(go('Indexes', ' ')).toEqual({ type: 'open', index: at('Indexes') })
    expect(go('public', 'ArrowUp')).toEqual({ type: 'go', index: 0 })
    expect(go('public', 'PageDown')).toEqual({ type: 'go', index: 3 })
    expect(go('public', 'End')).toEqual({ type: 'go', index: rows.length - 1 })
  })

  it('go to names by their first letters, round the end', () => {
    expect(findTyped(rows, at('public'), 'i')).toBe(at('items9'))
    expect(findTyped(rows, at('items9'), 'i')).toBe(at('items10'))
    expect(findTyped(rows, at('items9'), 'items1')).toBe(at('items10'))
    expect(findTyped(rows, at('empty'), 'c')).toBe(at('Customers'))
    expect(findTyped(rows, 0, 'zz')).toBe(-1)
  })
})

it('writes estimates short', () => {
  expect([0, 830, 1_000, 12_345, 999_600, 1_234_567, 45_000_000, 2.1e9].map(estimateText)).toEqual([
    '≈ 0',
    '≈ 830',
    '≈ 1 k',
    '≈ 12 k',
    '≈ 1 M',
    '≈ 1.2 M',
    '≈ 45 M',
    '≈ 2.1 bn',
  ])
})
