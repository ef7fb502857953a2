import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Doc, rowsNode } from '../../helpers/engine.ts'
import { lookApi, spelled, table } from './look-api.ts'

let api: Awaited<ReturnType<typeof lookApi>>
beforeAll(async () => {
  api = await lookApi()
})
afterAll(() => api[Symbol.asyncDispose]())

const edge = (from: string, to: string, more: object = {}) => ({ from, to, ...more })

describe('columns', () => {
  test('come from Postgres, SQLite and the embedded engine', async () => {
    const look = await api.lookAt({
      nodes: {
        orders: table('pg', 'orders'),
        customers: { kind: 'query', config: { connection: 'shop', sql: 'select id, name from customers' } },
        both: { kind: 'join', config: { keys: [{ left: 'id' }] } },
        big: { kind: 'filter', config: { where: 'amount > 100' } },
      },
      edges: [
        edge('orders', 'both', { toPort: 'left' }),
        edge('customers', 'both', { toPort: 'right' }),
        edge('both', 'big'),
      ],
    })
    expect(spelled(look, 'big')).toEqual(['id int32', 'amount decimal(12,2)', 'placed timestamptz', 'name text'])
    expect(spelled(look, 'big', 'rest')).toEqual(spelled(look, 'big'))
    expect(Object.values(look.nodes).map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined])
  })

  test('are known before a parameter has a value', async () => {
    const doc: Doc = {
      nodes: {
        orders: {
          kind: 'query',
          config: { connection: 'pg', sql: 'select id, :since::date as since from orders where placed > :since' },
        },
        late: { kind: 'filter', config: { where: 'since > :other' } },
        files: { kind: 'file', config: { path: 'data/{{since}}.csv' } },
      },
      edges: [edge('orders', 'late')],
    }
    const look = await api.lookAt(doc, {}, [
      { name: 'since', type: 'timestamptz' },
      { name: 'other', type: 'date', default: 'not a date' },
    ])
    expect(spelled(look, 'late')).toEqual(['id int32', 'since date'])
    expect(look.nodes.files).toMatchObject({ columns: { out: null } })
    expect(look.nodes.files?.error).toBeUndefined()
    expect(look.problem).toBeUndefined()
  })
})

describe('a half-written pipeline', () => {
  test('shows every problem on its own node, and looks at all others', async () => {
    const look = await api.lookAt({
      nodes: {
        rows: rowsNode({ id: 'int64', name: 'text' }, []),
        half: { kind: 'filter', config: {} },
        after_half: { kind: 'sort', config: { keys: [{ column: 'id' }] } },
        typo: { kind: 'filter', config: { where: "id > 1 and\n nmae = 'x'" } },
        fine: { kind: 'derive', config: { columns: [{ name: 'twice', expression: 'id * 2' }] } },
        alone: { kind: 'sort', config: { keys: [{ column: 'id' }] } },
        keyless: { kind: 'load', config: { connection: 'shop', table: 't', mode: 'upsert' } },
        odd: { kind: 'nonsense', config: {} },
      },
      edges: [
        edge('rows', 'half'),
        edge('half', 'after_half'),
        edge('rows', 'typo'),
        edge('rows', 'fine'),
        edge('fine', 'keyless'),
      ],
    })
    expect(look.problem).toBeUndefined()
    expect(look.nodes.half?.error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'Condition: fill this in.',
      at: { node: 'half', field: 'where' },
    })
    expect(look.nodes.half?.columns).toEqual({ out: null, rest: null })
    expect(look.nodes.after_half).toMatchObject({ columns: { out: null } })
    expect(look.nodes.after_half?.error).toBeUndefined()
    expect(look.nodes.typo?.error).toMatchObject({
      code: 'CONFIG_COLUMN',
      message: 'The column "nmae" does not arrive here.',
      hint: 'Did you mean name?',
      at: { node: 'typo', field: 'where', position: 12 },
    })
    expect(spelled(look, 'fine')).toEqual(['id int64', 'name text', 'twice int64'])
    expect(look.nodes.alone?.error).toMatchObject({ code: 'GRAPH_PORT', message: 'No rows arrive yet.' })
    expect(look.nodes.keyless?.error).toMatchObject({ at: { field: 'keys' } })
    expect(look.nodes.odd?.error).toMatchObject({ code: 'GRAPH_NODE' })
  })

  test('places errors in nested fields, behind parameters', async () => {
    const look = await api.lookAt(
      {
        nodes: {
          rows: rowsNode({ id: 'int64' }, []),
          derived: {
            kind: 'derive',
            config: {
              columns: [
                { name: 'a', expression: 'id + :n' },
                { name: 'b', expression: ':n + :n + idd' },
              ],
            },
          },
          checked: { kind: 'assert', config: { condition: 'idd > :n' } },
          sums: {
            kind: 'aggregate',
            config: { keys: [], measures: [{ name: 's', function: 'sum', expression: 'id +' }] },
          },
        },
        edges: [edge('rows', 'derived'), edge('rows', 'sums'), edge('rows', 'checked')],
      },
      { n: '1' },
      [{ name: 'n', type: 'int' }],
    )
    expect(look.nodes.checked?.error?.at).toMatchObject({ field: 'condition', position: 0 })
    expect(look.nodes.derived?.error?.at).toMatchObject({ field: 'columns.1.expression', position: 10 })
    expect(look.nodes.sums?.error).toMatchObject({
      message: 'It ends too soon: something is missing at the end.',
      at: { field: 'measures.0.expression', position: 4 },
    })
  })

  test('places what databases say', async () => {
    const look = await api.lookAt({
      nodes: {
        query: { kind: 'query', config: { connection: 'pg', sql: 'select idd from orders' } },
        lite: { kind: 'query', config: { connection: 'shop', sql: 'selec 1' } },
        named: { kind: 'query', config: { connection: 'shop', sql: 'select nam from customers' } },
        where: { kind: 'table', config: { connection: 'pg', table: 'orders', where: 'id = 1 and x = 2' } },
        missing: table('shop', 'nothing'),
        unknown: table('nowhere', 'orders'),
        gone: table('gone', 'orders'),
        down: table('down', 'orders'),
      },
    })
    expect(look.nodes.query?.error).toMatchObject({ at: { field: 'sql', position: 7 } })
    expect(look.nodes.lite?.error).toMatchObject({ at: { field: 'sql' } })
    expect(look.nodes.named?.error).toMatchObject({ at: { field: 'sql', position: 7 } })
    expect(look.nodes.where?.error).toMatchObject({ at: { field: 'where', position: 11 } })
    expect(look.nodes.missing?.error).toMatchObject({ at: { field: 'table' } })
    expect(look.nodes.unknown?.error).toMatchObject({ code: 'CONNECTION_UNKNOWN', at: { field: 'connection' } })
    expect(look.nodes.gone?.error).toMatchObject({ code: 'CONNECTION_FILE', at: { field: 'connection' } })
    expect(look.nodes.down?.error).toMatchObject({ code: 'CONNECTION_REFUSED', at: { field: 'connection' } })
  })

  test('leaves open what an earlier node makes: a table, or the file of the database', async () => {
    const execute = (connection: string) => ({
      kind: 'execute',
      config: { connection, sql: 'create table fresh (id int)' },
    })
    const query = (connection: string, sql = 'select * from fresh') => ({ kind: 'query', config: { connection, sql } })
    const look = await api.lookAt({
      nodes: {
        pg: execute('pg'),
        pgRead: query('pg'),
        pgColumn: query('pg', 'select idd from orders'),
        lite: execute('shop'),
        between: rowsNode({ n: 'int32' }, [[1]]),
        liteRead: table('shop', 'fresh'),
        liteColumn: query('shop', 'select nam from customers'),
        gone: execute('gone'),
        goneRead: query('gone'),
        other: query('pg'),
      },
      edges: [
        { from: 'pg', to: 'pgRead', after: true },
        { from: 'pg', to: 'pgColumn', after: true },
        { from: 'lite', to: 'between', after: true },
        { from: 'between', to: 'liteRead', after: true },
        { from: 'lite', to: 'liteColumn', after: true },
        { from: 'gone', to: 'goneRead', after: true },
        { from: 'lite', to: 'other', after: true },
      ],
    })
    const open = { columns: { out: null } }
    expect(look.nodes).toMatchObject({ pgRead: open, liteRead: open, goneRead: open })
    for (const id of ['pg', 'lite', 'gone', 'pgRead', 'liteRead', 'goneRead'])
      expect(look.nodes[id]?.error, id).toBeUndefined()
    for (const id of ['pgColumn', 'liteColumn', 'other']) {
      expect(look.nodes[id]?.error, id).toMatchObject({ code: 'QUERY_MISSING', at: { field: 'sql' } })
    }
  })

  test('that goes in a circle says so', async () => {
    const sort = { kind: 'sort', config: { keys: [{ column: 'id' }] } }
    const look = await api.lookAt({ nodes: { a: sort, b: sort }, edges: [edge('a', 'b'), edge('b', 'a')] })
    expect(look).toMatchObject({ nodes: {}, problem: { code: 'GRAPH_CYCLE' } })
  })
})
