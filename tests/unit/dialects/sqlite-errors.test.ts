import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { mapError } from '../../../src-main/dialects/sqlite/errors.ts'

test('what SQLite repeats of a statement is cut in the message', () => {
  const database = new DatabaseSync(':memory:')
  const name = `a${'x'.repeat(50_000)}z`
  try {
    database.exec(`select t.${name}`)
    throw new Error('This must fail.')
  } catch (thrown) {
    const error = mapError(thrown)
    expect(error).toMatchObject({
      code: 'QUERY_MISSING',
      message: expect.stringMatching(/no such column: t\.ax+ … .* … x+z$/),
    })
    expect(error.message.length).toBeLessThan(600)
  } finally {
    database.close()
  }
})

test.each([
  ['create table nosuch.t (a)', 'QUERY_MISSING', 'no schemas but main and temp'],
  ['insert into v values (1)', 'QUERY_CONFLICT', 'the table behind the view'],
])('%s says what to do', (sql, code, hint) => {
  const database = new DatabaseSync(':memory:')
  try {
    database.exec('create view v as select 1 as a')
    database.exec(sql)
    throw new Error('This must fail.')
  } catch (thrown) {
    expect(mapError(thrown)).toMatchObject({ code, hint: expect.stringContaining(hint) })
  } finally {
    database.close()
  }
})
