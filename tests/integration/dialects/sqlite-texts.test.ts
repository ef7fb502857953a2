import { describe, expect, it } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import { fc } from '../../helpers/property.ts'
import { SqliteFile } from './sqlite-file.ts'
import { column, execute, int32, load, plan, query, text } from './subject.ts'

const at = new SqliteFile()

describe('texts that look like what rows are written with', () => {
  const odd = [
    '"',
    '\\',
    '\\"',
    '\\\\',
    '\n',
    '\r\n',
    '\t',
    '\\n',
    '\b',
    '\f',
    '\0',
    '\u0001',
    '\u001f',
    '\u007f',
    '\u2028',
  ]
  const written = [
    ',',
    ',null',
    'null',
    '[',
    ']',
    '][',
    '{"":0}',
    '{',
    '"":0}',
    '{\\"\\":0}',
    '\\u0001',
    'ÿ',
    '東',
    '🙂',
  ]

  it('keeps every text, and NULL beside it', async () => {
    const columns = [column('n', int32), column('a', text), column('b', text)]
    const anyText = fc.option(
      fc.oneof(
        fc.array(fc.constantFrom(...odd, ...written, 'a'), { maxLength: 6 }).map((parts) => parts.join('')),
        fc.string({ unit: 'binary', maxLength: 8 }),
      ),
    )
    const anyRows = fc.array(fc.tuple(anyText, anyText), { minLength: 200, maxLength: 400 })
    await load(at.db, plan('t', columns, { mode: 'fail' }), [])
    await fc.assert(
      fc.asyncProperty(anyRows, async (values) => {
        const rows = values.map(([a, b], n): Row => [n, a, b])
        await load(at.db, plan('t', columns, { mode: 'truncate' }), rows)
        const expected = values.map(([a, b]) => [a, b])
        expect(await at.select('select a, b from t order by n')).toEqual(expected)
        expect(await at.select("select a || '' as a, b || '' as b from t order by n")).toEqual(expected)
      }),
      { numRuns: 10 },
    )
  })

  it('gives what a JSON function made as a text', async () => {
    await execute(
      at.db,
      "create table t (id integer, made text generated always as (json_object('id', id)) virtual)",
      'insert into t (id) values (1), (2)',
    )
    expect(await at.select('select id, made from t order by id')).toEqual([
      [1n, '{"id":1}'],
      [2n, '{"id":2}'],
    ])
    expect(await at.select(`select value from json_each('[{"a":[1]},[2,"x"],"t"]')`)).toEqual([
      ['{"a":[1]}'],
      ['[2,"x"]'],
      ['t'],
    ])
    expect(await at.select("select json_array(1, json_object('a', 'b')) as j, 'x' as k")).toEqual([
      ['[1,{"a":"b"}]', 'x'],
    ])
  })

  it('keeps doubles exact in columns that declare nothing', async () => {
    await execute(at.db, 'create table t (v)', "insert into t values ('a text'), (0.1 + 0.2), (1e300), (7)")
    const { columns, rows } = await query(at.db, 'select v from t')
    expect(columns[0]?.type.kind).toBe('text')
    expect(rows.map(([cell]) => cell)).toEqual(['a text', '0.30000000000000004', '1.0e+300', '7'])
  })
})
