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
