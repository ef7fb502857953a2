import { expect, test } from 'vitest'
import type { RowEdit } from '../../../shared/contract/queries.ts'
import { editing } from './edits.ts'
import { describeDatabases } from './queries-subjects.ts'

/** Those of `watched`: row 1 cannot be changed, and of others ten times their number is noted. */
const triggers: Record<string, string[]> = {
  SQLite: [
    'create trigger held_back before update on watched when old.id = 1 begin select raise(ignore); end',
    'create trigger noting after update of n on watched begin update watched set noted = new.n * 10 where id = new.id; end',
  ],
  Postgres: [
    `create function watching() returns trigger language plpgsql as $$
      begin if old.id = 1 then return null; end if; new.noted := new.n * 10; return new; end $$`,
    'create trigger watching before update on watched for each row execute function watching()',
  ],
  MariaDB: [
    `create trigger watching before update on watched for each row
      begin if old.id = 1 then signal sqlstate '45000' set message_text = 'held back'; end if; set new.noted = new.n * 10; end`,
  ],
}

describeDatabases((bench) => {
  const { tableOf, apply, shown } = editing(() => bench.api)

  test('changes begin a transaction that is ended by hand where that is wished, and none when they are refused', async () => {
    await bench.api.run('create table pending (id int primary key, n int)')
    await bench.api.run('insert into pending values (1, 1)')
    const table = await tableOf('select * from pending')
    const state = async () => (await bench.api.client.queries.state({ session: 'tab' })).transaction
    const change = (before: string): RowEdit => ({
      kind: 'update',
      key: { id: '1' },
      before: { n: before },
      after: { n: '5' },
    })
    expect(await apply(table, [change('0')], { manual: true })).toMatchObject({ applied: false })
    expect(await state()).toBe('idle')
    expect(await apply(table, [change('1')], { manual: true })).toMatchObject({ applied: true })
    expect(await state()).toBe('open')
    expect(await bench.api.rows('select n from pending', { session: 'look' })).toEqual([['1']])
    await bench.api.client.queries.rollback({ session: 'tab' })
    expect(await apply(table, [change('1')], { manual: true })).toMatchObject({ applied: true })
    await bench.api.client.queries.commit({ session: 'tab' })
    expect(await bench.api.rows('select n from pending', { session: 'look' })).toEqual([['5']])
  })

  test('a change that a trigger drops is told, and one that it adds to is done', async () => {
    await bench.api.run('create table watched (id int primary key, n int, noted int)')
    await bench.api.run('insert into watched values (1, 1, null), (2, 1, null)')
    for (const sql of triggers[bench.name] ?? [])
      expect((await bench.api.run(sql)).at(-1), sql).toMatchObject({ type: 'session' })
    const table = await tableOf('select * from watched')
    const change = (id: string): RowEdit => ({ kind: 'update', key: { id }, before: { n: '1' }, after: { n: '7' } })
    expect(await apply(table, [change('2')])).toMatchObject({ applied: true })
    expect(await bench.api.rows('select n, noted from watched where id = 2')).toEqual([['7', '70']])
    await expect(apply(table, [change('1')])).rejects.toMatchObject({ data: { at: { field: 'edits.0' } } })
    expect(await bench.api.rows('select n, noted from watched where id = 1')).toEqual([['1', null]])
  })

  test('values that the database prints in another way than rows show them are no conflicts', async () => {
    if (bench.name === 'MariaDB') return
    const spans = bench.name === 'Postgres' ? ', docs jsonb[], span interval' : ''
    await bench.api.run(`create table printed (id int primary key, at time${spans})`)
    await bench.api.run(
      bench.name === 'Postgres'
        ? `insert into printed values (1, '14:30', array['{"a": "b c"}'::jsonb], '1 year 2 months 3 days')`
        : "insert into printed values (1, '14:30')",
    )
    const table = await tableOf('select * from printed')
    const [before = {}] = await shown('select * from printed')
    const change = (at: string): RowEdit => ({ kind: 'update', key: { id: '1' }, before, after: { at } })
    expect(await apply(table, [change('15:00')])).toMatchObject({ applied: true, conflicts: [] })
    if (bench.name !== 'Postgres') return
    await bench.api.run("update printed set at = '14:30', span = '14 months' where id = 1", { session: 'other' })
    expect(await apply(table, [change('16:00')])).toMatchObject({
      applied: false,
      conflicts: [{ theirs: { span: expect.stringMatching(/^1 year 2 mon/) } }],
    })
  })

  test('a whole number that a column has no room for is refused as such', async () => {
    await bench.api.run('create table wholes (id int primary key, n bigint)')
    await bench.api.run('insert into wholes values (1, 1)')
    const table = await tableOf('select * from wholes')
    const change = (n: string): RowEdit => ({ kind: 'update', key: { id: '1' }, before: { n: '1' }, after: { n } })
    for (const n of ['9223372036854775808', '-9223372036854775809', `1${'0'.repeat(30)}`])
      await expect(apply(table, [change(n)]), n).rejects.toMatchObject({
        data: { code: 'DATA_RANGE', at: { field: 'edits.0' } },
      })
    expect(await apply(table, [change('-9223372036854775808')])).toMatchObject({ applied: true })
    expect(await bench.api.rows('select n from wholes')).toEqual([['-9223372036854775808']])
  })

  test('a bare name means what it meant where the query ran', async () => {
    const editable = (sql: string) => bench.api.client.queries.editable({ session: 'moved', ...bench.api.place, sql })
    const sql = `select * from ${bench.name === 'MariaDB' ? 'twins' : 'Twins'}`
    await bench.api.run('create table twins (id int primary key, n int)')
    await bench.api.run('insert into twins values (1, 0)')
    expect(await editable(sql)).toMatchObject({ table: { table: 'twins' } })
    if (bench.name === 'SQLite') {
      await bench.api.run('create temp table twins (id int primary key, n int)', { session: 'moved' })
      expect(await editable(sql)).toMatchObject({ table: null })
      return
    }
    const elsewhere = `${bench.name.toLowerCase()}_elsewhere`
    await bench.api.run(`create schema ${elsewhere}`)
    await bench.api.run(`create table ${elsewhere}.twins (id int primary key, n int)`)
    await bench.api.run(`insert into ${elsewhere}.twins values (1, 0)`)
    const go = bench.name === 'Postgres' ? `set search_path to ${elsewhere}` : `use ${elsewhere}`
    await bench.api.run(go, { session: 'moved' })
    const { table } = await editable(sql)
    expect(table).toMatchObject({ schema: elsewhere })
    const edit: RowEdit = { kind: 'update', key: { id: '1' }, before: { n: '0' }, after: { n: '1' } }
    expect(table && (await apply(table, [edit], { session: 'moved' }))).toMatchObject({ applied: true })
    expect(await bench.api.rows(`select n from ${elsewhere}.twins`)).toEqual([['1']])
    expect(await bench.api.rows('select n from twins')).toEqual([['0']])
    await bench.api.run(`drop schema ${elsewhere}${bench.name === 'Postgres' ? ' cascade' : ''}`, { sure: true })
  })
})
