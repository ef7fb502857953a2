import { describe, expect, it } from 'vitest'
import type { DiagramTable, SchemaDiagram } from '../../../shared/contract/schema.ts'
import { arrangeBoxes } from '../../../src-renderer/canvas/diagram/arrange.ts'
import { relationEnds } from '../../../src-renderer/canvas/diagram/ends.ts'
import { boxHeight, boxWidth, columnHeight, headHeight } from '../../../src-renderer/canvas/diagram/metrics.ts'
import { boxId, diagramModel, shownColumns } from '../../../src-renderer/canvas/diagram/model.ts'
import { walkBoxes } from '../../../src-renderer/canvas/diagram/walk.ts'

const table = (name: string, columns: readonly string[]): DiagramTable => ({
  schema: 'public',
  name,
  kind: 'table',
  columns: columns.map((column) => ({
    name: column,
    databaseType: 'integer',
    primaryKey: column === 'id',
    foreignKey: column.endsWith('_id'),
    nullable: column === 'parent_id',
  })),
})
const relation = (from: string, column: string, to: string, schema = 'public') => ({
  name: null,
  from: { table: from, columns: [column] },
  to: { schema, table: to, columns: ['id'] },
})

const shop: SchemaDiagram = {
  tables: [
    table('orders', ['id', 'note', 'customer_id']),
    table('customers', ['id', 'name']),
    table('items', ['id', 'order_id', 'parent_id']),
    table('settings', ['key', 'value']),
  ],
  relations: [
    relation('orders', 'customer_id', 'customers'),
    relation('items', 'order_id', 'orders'),
    relation('items', 'parent_id', 'items'),
    relation('orders', 'customer_id', 'people', 'crm'),
  ],
}
const model = diagramModel(shop)
const id = (name: string) => boxId('public', name)

describe('the model', () => {
  it('knows what is related, which keys may be empty, and tables of other schemas', () => {
    expect(model.neighbours.get(id('orders'))).toEqual(new Set([id('customers'), id('items'), boxId('crm', 'people')]))
    expect(model.relations.map(({ optional }) => optional)).toEqual([false, false, true, false])
    expect(model.byId.get(boxId('crm', 'people'))).toMatchObject({ outside: true, columns: [] })
  })

  it('shows keys only when asked to', () => {
    const orders = model.byId.get(id('orders'))
    expect(orders && shownColumns(orders, true).map(({ name }) => name)).toEqual(['id', 'customer_id'])
  })
})

/** Pairs of cards that lie on each other. */
function overlaps(places: ReturnType<typeof arrangeBoxes>, of: typeof model): string[] {
  return of.boxes.flatMap((a, index) =>
    of.boxes.slice(index + 1).flatMap((b) => {
      const [ax = 0, ay = 0] = places[a.id] ?? []
      const [bx = 0, by = 0] = places[b.id] ?? []
      const apart = Math.abs(ax - bx) >= boxWidth || ay + boxHeight(a, false) <= by || by + boxHeight(b, false) <= ay
      return apart ? [] : [`${a.name} ${b.name}`]
    }),
  )
}

describe('places', () => {
  it('put what is referred to left of what refers to it, and nothing on anything else', () => {
    const places = arrangeBoxes(model, false)
    const x = (name: string) => places[id(name)]?.[0] ?? Number.NaN
    expect(x('customers')).toBeLessThan(x('orders'))
    expect(x('orders')).toBeLessThan(x('items'))
    expect(overlaps(places, model)).toEqual([])
  })

  it('hold for hundreds of tables, related and not', () => {
    const names = Array.from({ length: 400 }, (_, index) => `t${index}`)
    const large = diagramModel({
      tables: names.map((name, index) => table(name, ['id', 'parent_id', ...Array(index % 7).fill('x')])),
      relations: names.slice(1, 300).map((name, index) => relation(name, 'parent_id', `t${Math.floor(index / 3)}`)),
    })
    const places = arrangeBoxes(large, false)
    expect(Object.keys(places)).toHaveLength(400)
    expect(overlaps(places, large)).toEqual([])
  })
})

describe('ends of a relation', () => {
  const [toCustomers] = model.relations
  const ends = (from: [number, number], to: [number, number], keysOnly = false) => {
    const orders = model.byId.get(id('orders'))
    const customers = model.byId.get(id('customers'))
    if (!toCustomers || !orders || !customers) throw new Error('The model lacks them.')
    return relationEnds(toCustomers, { box: orders, place: from }, { box: customers, place: to }, keysOnly)
  }

  it('are at the sides that face each other, at the columns', () => {
    expect(ends([0, 0], [500, 100])).toEqual({
      from: { x: boxWidth, y: headHeight + 2.5 * columnHeight, side: 1 },
      to: { x: 500, y: 100 + headHeight + 0.5 * columnHeight, side: -1 },
    })
    expect(ends([500, 0], [0, 0])).toMatchObject({ from: { x: 500, side: -1 }, to: { x: boxWidth, side: 1 } })
    expect(ends([0, 0], [10, 300])).toMatchObject({ from: { side: 1 }, to: { side: 1 } })
  })

  it('follow the columns that are shown', () => {
    expect(ends([0, 0], [500, 0], true).from.y).toBe(headHeight + 1.5 * columnHeight)
  })
})

it('arrows go to what is related on that side, else to the nearest table there', () => {
  const places = {
    a: [0, 0],
    near: [300, 40],
    related: [900, 400],
    below: [0, 300],
  } satisfies Record<string, [number, number]>
  const neighbours = new Set(['related'])
  expect(walkBoxes(places, neighbours, null, 'right')).toBe('a')
  expect(walkBoxes(places, neighbours, 'a', 'right')).toBe('related')
  expect(walkBoxes(places, new Set(), 'a', 'right')).toBe('near')
  expect(walkBoxes(places, new Set(), 'a', 'down')).toBe('below')
  expect(walkBoxes(places, neighbours, 'a', 'left')).toBeUndefined()
})
