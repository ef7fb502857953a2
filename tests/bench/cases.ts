/** Pipelines that the bench runs, as documents. Connections: `lite` (source), `out` (target file), `pg`. */
const pipeline = (nodes: object, edges: object[]) => ({
  sluice: 1,
  name: 'bench',
  parameters: [],
  nodes,
  edges,
  layout: {},
})

const fromLite = { kind: 'query', config: { connection: 'lite', sql: 'select * from t' } }
const fromPg = { kind: 'query', config: { connection: 'pg', sql: 'select * from t_read' } }
const load = (connection: string, table: string, mode = 'replace') => ({
  kind: 'load',
  config: { connection, table, mode },
})

export const copySqliteToPostgres = pipeline({ from: fromLite, to: load('pg', 't_ours', 'truncate') }, [
  { from: 'from', to: 'to' },
])

export const copyPostgresToSqlite = pipeline({ from: fromPg, to: load('out', 't') }, [{ from: 'from', to: 'to' }])

export const csvToPostgres = (path: string) =>
  pipeline({ from: { kind: 'file', config: { path } }, to: load('pg', 't_csv', 'truncate') }, [
    { from: 'from', to: 'to' },
  ])

export const postgresToParquet = (path: string) =>
  pipeline({ from: fromPg, to: { kind: 'write-file', config: { path } } }, [{ from: 'from', to: 'to' }])

export const aggregate = pipeline(
  {
    rows: fromLite,
    groups: { kind: 'table', config: { connection: 'lite', table: 'dim' } },
    some: { kind: 'filter', config: { where: 'qty > 10' } },
    both: { kind: 'join', config: { type: 'inner', keys: [{ left: 'k', right: 'k' }] } },
    totals: {
      kind: 'aggregate',
      config: {
        keys: ['label', 'city'],
        measures: [
          { name: 'n', function: 'count' },
          { name: 'total', function: 'sum', column: 'amount' },
        ],
      },
    },
    to: load('pg', 'totals'),
  },
  [
    { from: 'rows', to: 'some' },
    { from: 'some', to: 'both', toPort: 'left' },
    { from: 'groups', to: 'both', toPort: 'right' },
    { from: 'both', to: 'totals' },
    { from: 'totals', to: 'to' },
  ],
)

export const rowsToFile = (path: string) =>
  pipeline(
    {
      from: { kind: 'rows', config: { columns: [{ name: 'id', type: 'int64' }], rows: [['1']] } },
      to: { kind: 'write-file', config: { path } },
    },
    [{ from: 'from', to: 'to' }],
  )
