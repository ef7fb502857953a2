import { expect, test } from 'vitest'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

const declared = [
  'create table odd (id int primary key, yes tinyint(1), span time(3), day date, at datetime, stamp timestamp null default null, bit1 bit(1), f float)',
  "insert into odd values (1, 1, '10:00:00.5', '2024-05-31', '2024-05-31 10:00:00', '2024-05-31 10:00:00', b'1', 0.5)",
]

test('MariaDB: rows are shown also where a tinyint(1), a time or a date holds what none is elsewhere', async () => {
  await using fresh = await freshMariaDb()
  await using api = await queriesApi({ db: fresh.url })
  for (const sql of declared) await fresh.sql(sql)
  const look = async (fields: string) => {
    const events = await api.run(`select ${fields} from odd order by id`, { session: 'look' })
    const found = events.findLast((event) => event.type === 'rows')
    const end = events.at(-2)
    const source = { query: found?.query ?? '', statement: 0 }
    const { rows } = await api.client.results.window({ source, offset: 0, limit: 10 })
    const kinds = found?.columns.map(({ type }) => type.kind)
    return { kinds, rows, note: end?.type === 'done' ? end.note : end }
  }
  expect(await look('yes, span, bit1')).toEqual({
    kinds: ['boolean', 'time', 'boolean'],
    rows: [['true', '10:00:00.5', 'true']],
    note: undefined,
  })
  await fresh.sql(
    "insert into odd values (2, 5, '-30:00:00', null, null, null, b'0', null), (3, -1, '838:59:59', null, null, null, null, 1)",
  )
  // As text and, because of the float, in the binary protocol.
  for (const [more, kind, cells] of [
    ['', [], [[], [], []]],
    [', f', ['float32'], [['0.5'], [null], ['1']]],
  ] as const) {
    expect(await look(`yes, span, bit1, day${more}`)).toEqual({
      kinds: ['int16', 'text', 'boolean', 'date', ...kind],
      rows: [
        ['1', '10:00:00.5', 'true', '2024-05-31', ...cells[0]],
        ['5', '-30:00:00', 'false', null, ...cells[1]],
        ['-1', '838:59:59', null, null, ...cells[2]],
      ],
      note: expect.stringMatching(
        /^Booleans are shown as numbers: Row 2, column yes: .* Times are shown as text: Row 2, column span: /,
      ),
    })
  }
  await fresh.sql("set sql_mode = ''")
  await fresh.sql("insert into odd values (4, 0, null, '2024-00-01', '0000-00-00', '0000-00-00', null, null)")
  for (const more of ['', ', f']) {
    expect(await look(`day, at, stamp${more}`)).toMatchObject({
      kinds: expect.arrayContaining(['text']),
      rows: expect.arrayContaining([
        expect.arrayContaining(['2024-05-31', '2024-05-31 10:00:00', '2024-05-31 10:00:00+00']),
        expect.arrayContaining(['2024-00-01', '0000-00-00 00:00:00', '0000-00-00 00:00:00+00']),
      ]),
      note: expect.stringContaining('Dates are shown as text: Row 4, column day: '),
    })
  }
})

test('MariaDB: such a value can be put right, and others beside it are compared as they were shown', async () => {
  await using fresh = await freshMariaDb()
  await using api = await queriesApi({ db: fresh.url })
  for (const sql of declared) await fresh.sql(sql)
  await fresh.sql("insert into odd (id, yes, span) values (2, 5, '30:00:00')")
  const { table } = await api.client.queries.editable({ ...api.place, sql: 'select * from odd' })
  const change = (id: string, before: Record<string, string>, after: Record<string, string>) =>
    api.client.queries.edit({
      session: 'tab',
      ...api.place,
      schema: table?.schema ?? null,
      table: 'odd',
      edits: [{ kind: 'update', key: { id }, before, after }],
      apply: true,
    })
  const right = { yes: 'true', span: '06:00:00' }
  expect(await change('2', { yes: '4', span: '30:00:00' }, right)).toMatchObject({
    applied: false,
    conflicts: [{ theirs: { yes: '5' } }],
  })
  expect(await change('2', { yes: '5', span: '30:00:00' }, right)).toMatchObject({ applied: true, conflicts: [] })
  // As it is shown while another row holds an odd one.
  expect(await change('1', { yes: '1', span: '10:00:00.5' }, { yes: 'false' })).toMatchObject({ applied: true })
  expect(await api.rows('select yes, span from odd order by id')).toEqual([
    ['false', '10:00:00.5'],
    ['true', '06:00:00'],
  ])
})

test('Postgres: rows are shown also where a list has more dimensions, a decimal is NaN, or a time is too far away', async () => {
  await using fresh = await freshDatabase()
  await using api = await queriesApi({ db: fresh.url })
  const values =
    "1 id, '{{1,2},{3,NULL}}'::int[] grid, 'NaN'::numeric(10,2) share, '294276-12-31'::timestamp \"far off\""
  const events = await api.run(`select ${values}`)
  expect(events.findLast((event) => event.type === 'rows')?.columns).toMatchObject([
    { name: 'id', type: { kind: 'int32' } },
    { name: 'grid', type: { kind: 'text' } },
    { name: 'share', type: { kind: 'text' } },
    { name: 'far off', type: { kind: 'text' } },
  ])
  expect(events.find((event) => event.type === 'done')?.note).toMatch(
    /^Decimals, lists, dates and times are shown as text: Column (grid|share|far off) holds "/,
  )
  expect(await api.rows(`select ${values}`)).toEqual([['1', '{{1,2},{3,NULL}}', 'NaN', '294276-12-31 00:00:00']])
})

test('Postgres: rows that a statement would send elsewhere are not lost in silence', async () => {
  await using fresh = await freshDatabase()
  await using api = await queriesApi({ db: fresh.url })
  await api.run('create table t (id int); insert into t values (1)')
  for (const sql of ['copy t to stdout', 'copy t from stdin']) {
    const events = await api.run(sql)
    expect(events.find((event) => event.type === 'failed')?.error).toMatchObject({
      code: 'QUERY_DENIED',
      message: expect.stringContaining('cannot be run as a statement'),
    })
  }
  expect(await api.rows('select id from t')).toEqual([['1']])
})

test('Postgres: lists can be changed also where one of more dimensions has all of them shown as the database writes them', async () => {
  await using fresh = await freshDatabase()
  await using api = await queriesApi({ db: fresh.url })
  await fresh.sql('create table t (id int primary key, a int[], words text[], j jsonb[], b boolean[])')
  await fresh.sql(
    `insert into t values ($1, '{{1,2},{3,NULL}}', array[array['a,b', 'c'], array['NULL', '"}']], array['1'::jsonb, NULL, '"x"'], '{{t},{f}}')`,
    [1],
  )
  await fresh.sql(
    `insert into t values ($1, '{1,NULL}', array['a b', $2, NULL, '', '{"'], array['{"a": [1, "x"]}', '[2]']::jsonb[], '{t,NULL}')`,
    [2, 'back\\slash'],
  )
  const { table } = await api.client.queries.editable({ ...api.place, sql: 'select * from t' })
  const names = ['a', 'words', 'j', 'b']
  const rows = await api.rows('select id, a, words, j, b from t order by id')
  expect(rows.map((row) => row[1])).toEqual(['{{1,2},{3,NULL}}', '{1,NULL}'])
  const change = (row: (string | null)[], column: number, before: string | null) =>
    api.client.queries.edit({
      session: 'tab',
      ...api.place,
      schema: table?.schema ?? null,
      table: 't',
      edits: [
        {
          kind: 'update',
          key: { id: row[0] ?? '' },
          before: { [names[column] ?? '']: before },
          after: { [names[column] ?? '']: null },
        },
      ],
      apply: true,
    })
  expect(await change(rows[1] ?? [], 0, '{1,2}')).toMatchObject({ applied: false, conflicts: [{ edit: 0 }] })
  for (const row of rows)
    for (const column of names.keys())
      expect(await change(row, column, row[column + 1] ?? null)).toMatchObject({ applied: true, conflicts: [] })
})
