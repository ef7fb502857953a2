import { describe, expect, test } from 'vitest'
import type { SqlDialect } from '../../../shared/sql/placeholders.ts'
import { layOut } from '../../../src-renderer/workbench/lay-out.ts'

const whole = (sql: string, dialect: SqlDialect) => layOut(sql, { from: 0, to: sql.length }, dialect)

describe('laying SQL out', () => {
  test('leaves what it says as it is', async () => {
    expect(await whole("Select a, 'b  c' from [t u] where x = :y -- why", 'sqlite')).toBe(
      "Select\n  a,\n  'b  c'\nfrom\n  [t u]\nwhere\n  x = :y -- why",
    )
    expect(await whole('/*!50000 select 7 */', 'mysql')).toBe('/*!50000 select 7 */')
    expect(await whole('select a::text from t', 'postgres')).toBe('select\n  a::text\nfrom\n  t')
  })

  test.each<[string, SqlDialect, string]>([
    ["select 'open from t", 'mysql', "line 1, column 8, near 'open from t"],
    ['select (1 from t', 'postgres', 'line 1, column 17, at the end'],
    ['select 1;\n  select 2) + 3\nfrom t', 'sqlite', 'line 2, column 11, near ) + 3'],
  ])('says where %s cannot be read', async (sql, dialect, place) => {
    await expect(whole(sql, dialect)).rejects.toMatchObject({
      code: 'QUERY_SYNTAX',
      message: `SQL that cannot be read is not laid out: ${place}.`,
    })
  })

  test('counts lines in the whole text, also for a part of it', async () => {
    const sql = 'select 1;\n  select 2) + 3\nfrom t'
    await expect(layOut(sql, { from: 12, to: sql.length }, 'sqlite')).rejects.toMatchObject({
      message: expect.stringContaining('line 2, column 11, near ) + 3'),
      at: { position: 20 },
    })
  })

  test('refuses what would be read differently then', async () => {
    for (const sql of ['DELIMITER //\nselect 1//\nDELIMITER ;', 'select 1 /* open'])
      await expect(whole(sql, 'mysql')).rejects.toMatchObject({ message: expect.stringContaining('left as it is') })
  })
})
