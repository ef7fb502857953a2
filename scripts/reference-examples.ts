/** Configs shown in the reference of kinds whose help has no example of its own. A test parses each. */
export const examples: Record<string, Record<string, unknown>> = {
  assert: { rows: { min: 1 }, notNull: ['id'], unique: ['id'], condition: 'amount >= 0', severity: 'fail' },
  code: {
    code: 'function row(r) {\n  if (r.amount < 0) return null\n  return { ...r, label: r.id + ": " + r.name }\n}',
    columns: [
      { name: 'id', type: 'int64' },
      { name: 'name', type: 'text' },
      { name: 'amount', type: 'decimal(12,2)' },
      { name: 'label', type: 'text' },
    ],
  },
  execute: {
    connection: 'lake',
    sql: 'create table if not exists orders (id bigint primary key, day date); delete from orders where day >= :since',
  },
  file: { path: 'data/orders-*.csv', format: 'csv' },
  http: {
    url: 'https://example.com/api/orders',
    query: { since: '{{since}}' },
    headers: { Authorization: { secret: 'shop_token', prefix: 'Bearer ' } },
    records: 'data.items',
    pagination: { type: 'cursor', parameter: 'after', path: 'data.next' },
  },
  load: { connection: 'lake', table: 'sales.orders', mode: 'upsert', keys: ['id'], maxRejects: 10 },
  query: { connection: 'shop', sql: 'select id, day, amount from orders where day >= :since' },
  rows: {
    columns: [
      { name: 'code', type: 'text' },
      { name: 'rate', type: 'decimal(6,4)' },
    ],
    rows: [
      ['EUR', '1.0000'],
      ['USD', '1.0821'],
    ],
  },
  table: { connection: 'shop', table: 'customers', columns: ['id', 'name'], where: 'country = :country' },
  'write-file': { path: 'out/orders.parquet' },
}
