import { expect, test } from 'vitest'
import { none, PostgresDatabase } from './postgres-database.ts'
import { column, int32, plan, text } from './subject.ts'

const at = new PostgresDatabase()
const id = column('id', int32)

test('a refused value is named by line and column', async () => {
  await at.sql('create table strict (id int, amount numeric(4,1))')
  const columns = [id, column('amount', text)]
  await expect(at.load('strict', columns, '1,2\n2,3\n3,many\n')).rejects.toMatchObject({
    code: 'DATA_TYPE',
    sqlState: '22P02',
    message: expect.stringMatching(/Line 3 .*column amount.*many/),
  })
  await expect(at.load('strict', columns, '1,99999\n')).rejects.toMatchObject({ code: 'DATA_RANGE', sqlState: '22003' })
  await expect(at.load('strict', columns, '1,2')).rejects.toMatchObject({ code: 'DATA_SHORT' })
  expect(await at.sql('select * from strict')).toEqual([])
})

test('a long refused value is cut in the message', async () => {
  await at.sql('create table narrow (id int)')
  const long = await at.load('narrow', [id], `${'9'.repeat(50_000)}\n`).catch((error: unknown) => error)
  expect(long).toMatchObject({
    code: 'DATA_RANGE',
    message: expect.stringMatching(/Line 1 .*column id.*999 … \(\d+ characters\)/),
  })
  expect(String(long).length).toBeLessThan(600)
})

test('refused rows are named exactly among quoted line breaks, whatever refuses them', async () => {
  await at.sql(`create table parent (id int primary key); insert into parent select generate_series(1, 5);
    create table refusing (id int primary key, note text check (note <> 'bad'), parent int references parent)`)
  const columns = [id, column('note', text), column('parent', int32)]
  const rows = [
    '1,"two\nlines, ""quoted""",1\n',
    'x,"three\n\nlines",1\n',
    '2,"ok\n",2\n',
    '3,"line\nbreak",99\n',
    '2,again,3\n',
    '4,bad,4\n',
    '5,,\n',
    '6,fine,5\n',
  ]
  for (const mode of ['append', 'upsert'] as const) {
    await at.sql('truncate refusing')
    const refused: string[] = []
    const reasons: string[] = []
    const result = await at.load('refusing', columns, rows.join(''), {
      mode,
      keys: mode === 'upsert' ? ['id'] : [],
      maxRejects: 4,
      batchSize: 3,
      onReject: (row, reason) => {
        refused.push(row)
        reasons.push(reason)
      },
    })
    const doubled = mode === 'append' ? [rows[4]] : []
    expect(refused.toSorted()).toEqual([rows[1], rows[3], rows[5], ...doubled].toSorted())
    expect(reasons.find((reason) => reason.includes('"x"'))).toMatch(/Column id/)
    expect(result).toEqual({ ...none, received: rows.length, inserted: 4, rejected: refused.length })
    const kept = await at.sql('select id, note from refusing order by id')
    expect(kept.map((row) => row.id)).toEqual([1, 2, 5, 6])
    expect(kept[1]?.note).toBe(mode === 'append' ? 'ok\n' : 'again')
  }
})

test('what is no fault of the data fails the load even where rejects are allowed', async () => {
  await at.sql(`create table broken (id int);
    create function fail() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '53100'; end $$;
    create trigger t before insert on broken for each row execute function fail()`)
  await expect(at.load('broken', [id], '1\n', { maxRejects: 5 })).rejects.toMatchObject({
    code: 'LIMIT_DISK',
    sqlState: '53100',
  })
})

test('a large load with rejects cut at odd places keeps every other row', async () => {
  const text = Array.from({ length: 5000 }, (_, n) =>
    n % 1000 === 999 ? `${n},"no\nnumber"\n` : `${n},${n}.5\n`,
  ).join('')
  await at.sql('create table cut (id int, x float8)')
  await using session = await at.db.session()
  const writer = await session.write(
    plan('cut', [id, column('x', { kind: 'float64' })], { batchSize: 777, maxRejects: 5 }),
  )
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 1013) await writer.write(bytes.subarray(at, at + 1013))
  expect(await writer.finish()).toEqual({ ...none, received: 5000, inserted: 4995, rejected: 5 })
  expect(await at.sql('select count(*)::int as n, sum(id)::int as s from cut')).toEqual([
    { n: 4995, s: (4999 * 5000) / 2 - (999 + 1999 + 2999 + 3999 + 4999) },
  ])
})

test('executing for many rows says which row failed', async () => {
  await at.sql('create table counted (id int primary key)')
  await using session = await at.db.session()
  const rows = async function* () {
    for (let n = 0; n < 1200; n++) yield { id: { type: { kind: 'int32' as const }, value: n === 1101 ? 3 : n } }
  }
  await expect(session.executeMany({ sql: 'insert into counted values (:id)' }, rows())).rejects.toMatchObject({
    code: 'DATA_CONSTRAINT',
    message: expect.stringMatching(/^Row 1102: /),
  })
  expect(await at.sql('select count(*)::int as n from counted')).toEqual([{ n: 0 }])
})
