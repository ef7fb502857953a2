import { expect, test } from 'vitest'
import type { RowEdit } from '../../../shared/contract/queries.ts'
import { describeDatabases } from './queries-subjects.ts'

describeDatabases((bench) => {
  test('cells of one table are changed, all or none', async () => {
    await bench.api.run('delete from items where id > 2')
    const place = { session: 'tab', ...bench.api.place }
    const found = await bench.api.client.queries.editable({
      ...bench.api.place,
      sql: 'select id, price, upper(name) as u from items i where id < 9 order by id',
    })
    expect(found).toMatchObject({ table: { table: 'items', columns: ['id', 'price', null], keys: ['id'] } })
    for (const sql of [
      'select name from items',
      'select a.id from items a, items b',
      'select count(*) from items',
      'select id from items union select 1',
      'select 1',
    ])
      expect(await bench.api.client.queries.editable({ ...bench.api.place, sql }), sql).toMatchObject({
        table: null,
        reason: expect.any(String),
      })
    const table = { schema: found.table?.schema ?? null, table: 'items' }
    const edits: RowEdit[] = [
      { kind: 'update', key: { id: '1' }, before: { price: '1.50' }, after: { price: '3.75', name: "it's" } },
      { kind: 'insert', after: { id: '3', name: 'three' } },
      { kind: 'delete', key: { id: '2' }, before: {} },
    ]
    const shown = await bench.api.client.queries.edit({ ...place, ...table, edits })
    expect(shown).toMatchObject({
      applied: false,
      sql: [expect.stringContaining("'it''s'"), expect.stringContaining('INSERT'), expect.stringContaining('DELETE')],
    })
    expect(await bench.api.rows('select count(*) from items where id in (1, 2)')).toEqual([['2']])
    expect(await bench.api.client.queries.edit({ ...place, ...table, edits, apply: true })).toMatchObject({
      applied: true,
    })
    expect(await bench.api.rows('select id, name, price from items order by id')).toEqual([
      ['1', "it's", '3.75'],
      ['3', 'three', null],
    ])
    const stale: RowEdit[] = [
      { kind: 'delete', key: { id: '3' }, before: {} },
      { ...edits[0], kind: 'update' as const, key: { id: '1' }, before: { price: '1.50' }, after: { price: '9' } },
    ]
    expect(await bench.api.client.queries.edit({ ...place, ...table, edits: stale, apply: true })).toMatchObject({
      applied: false,
      conflicts: [{ edit: 1, theirs: { price: '3.75' } }],
    })
    expect(await bench.api.rows('select count(*) from items')).toEqual([['2']])
  })
})
