/** Pipelines that are run by mouse and by keys. */
export const numbers = { kind: 'rows', config: { columns: [{ name: 'n', type: 'int64' }], rows: [[1], [2], [3]] } }
/** Takes far longer than any spec waits. */
const endless = {
  kind: 'sql',
  config: { sql: 'select count(*) as n from rows, range(1000000) a, range(1000000000) b' },
}
export const slow = {
  name: 'Slow',
  nodes: { rows: numbers, crunch: endless },
  edges: [{ from: 'rows', to: 'crunch', toPort: 'rows' }],
}
export const failing = {
  name: 'Failing',
  nodes: {
    rows: numbers,
    good: { kind: 'filter', config: { where: 'n > 1' } },
    bad: { kind: 'derive', config: { columns: [{ name: 'x', expression: "cast('many' || n as integer)" }] } },
  },
  edges: [
    { from: 'rows', to: 'good' },
    { from: 'rows', to: 'bad' },
  ],
}
