import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { expression, singleQuery } from '../../../shared/sql/duckdb.ts'
import { fc } from '../../helpers/property.ts'
import { openDuck } from './duck.ts'

function problem(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message, ...error.at }
    throw error
  }
}

const refused = (message: string, position: number) => ({ code: 'QUERY_SYNTAX', message, field: 'f', position })

describe('expression', () => {
  it.each([
    'a + 1',
    "')' || \"(\" || '--'",
    'a -- to the end',
    'a /* ( /* nested ) */ */',
    'list_value(1, 2)[1]',
    "{'a': 1, 'b': [1, 2]}",
    '$$;)$$',
    "E'it\\'s'",
    "''",
    "'it''s'",
    '"a""b"',
    ':param::int',
  ])('takes %s as it is', (sql) => {
    expect(expression(sql, 'f')).toBe(`(${sql}\n)`)
  })

  it.each([
    ['a)', refused('The ) closes nothing.', 1)],
    ['(a', refused('The ( is never closed.', 0)],
    ['(a]', refused('The ] closes nothing.', 2)],
    ['a; b', refused('A semicolon cannot stand here.', 1)],
    ['a, b', refused('A comma parts two expressions.', 1)],
    ["'a", refused('The quoted text never ends.', 0)],
    ["1 + 'a''", refused('The quoted text never ends.', 4)],
    ["E'a\\'", refused('The quoted text never ends.', 1)],
    ['"a', refused('The quoted text never ends.', 0)],
    ['$tag$ a', refused('The quoted text never ends.', 0)],
    ['a /* b', refused('The comment never ends.', 2)],
    ['`a`', refused('Names are quoted with ", not with `.', 0)],
    ['  ', refused('The expression is empty.', 0)],
    ['-- nothing', refused('The expression is empty.', 0)],
  ])('refuses %s', (sql, expected) => {
    expect(problem(() => expression(sql, 'f'))).toEqual(expected)
  })

  it('never changes the query around it, whatever it is made of', async () => {
    const duck = await openDuck()
    const part = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('a', '1', "'x'", '(a)', '"a"') },
      { weight: 4, arbitrary: fc.constantFrom(' + ', '||', ' and ', '::int', ' ', '\n', ' is null') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('(', ')', '[', ']', '{', '}', ',', ';', '.', '#', ' AS ', ' from ', 'é'),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom("'", '"', '`', '--', '/*', '*/', '$$', '$a$', "E'", '\\', 'U&', ' union '),
      },
      { weight: 3, arbitrary: fc.constantFrom(') AS q, (', ', 1 AS q', ') FROM (SELECT 1 AS a) UNION ALL SELECT (') },
    )
    const text = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''))
    let bound = 0
    await fc.assert(
      fc.asyncProperty(text, fc.oneof(text, fc.constant('a')), async (first, second) => {
        let select: string
        try {
          select = `SELECT ${expression(first, 'f')} AS x, 42 AS y, ${expression(second, 'g')} AS z FROM (SELECT 1 AS a)`
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          return
        }
        const extracted = await duck.extractStatements(select).catch(() => undefined)
        if (extracted === undefined) return
        expect(extracted.count).toBe(1)
        const prepared = await extracted.prepare(0).catch(() => undefined)
        if (prepared === undefined || prepared.parameterCount > 0) return
        const names = Array.from({ length: prepared.columnCount }, (_, index) => prepared.columnName(index))
        expect(names).toEqual(['x', 'y', 'z'])
        bound++
      }),
      { numRuns: 3000 },
    )
    expect(bound).toBeGreaterThan(100)
    duck.closeSync()
  })
})

describe('singleQuery', () => {
  it.each([
    ['select 1', 'select 1'],
    ['select 1;', 'select 1'],
    [' -- why\n with x as (select 1) from x ; -- done', ' -- why\n with x as (select 1) from x '],
    ['(select 1) union (select 2)', '(select 1) union (select 2)'],
    ['VALUES (1, 2)', 'VALUES (1, 2)'],
  ])('takes %s', (sql, query) => {
    expect(singleQuery(sql, 'f')).toBe(query)
  })

  it.each([
    ['', refused('There is no query.', 0)],
    ['-- nothing', refused('There is no query.', 0)],
    ['select 1; select 2', refused('Only one query can stand here.', 9)],
    ['drop table x', refused('A query starts with SELECT, FROM, VALUES or WITH, not with drop.', 0)],
    ["attach 'x'", refused('A query starts with SELECT, FROM, VALUES or WITH, not with attach.', 0)],
    ['"select" 1', refused('A query starts with SELECT, FROM, VALUES or WITH, not with this.', 0)],
    ['select 1) x, (select 2', refused('The ) closes nothing.', 8)],
  ])('refuses %s', (sql, expected) => {
    expect(problem(() => singleQuery(sql, 'f'))).toEqual(expected)
  })
})
