import { beforeAll, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { fc } from '../../helpers/property.ts'
import { ThreeDatabases } from './three.ts'

const three = new ThreeDatabases()

/** A column of each kind, with values that databases disagree about, spelled for the database and for the engine. */
interface Kind {
  name: string
  /** Its type in Postgres, MariaDB and SQLite; undefined where there is none like it. */
  types: { shop: string; erp: string; lake: string }
  /** Literals that every database takes, and NULL. */
  values: string[]
  /** Literals for the conditions, in the engine's dialect; those among the values and others. */
  constants: string[]
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`
const texts = [
  '',
  ' ',
  'a',
  'A',
  'a ',
  'ä',
  'Ä',
  'ß',
  'ss',
  'é',
  'e\u0301',
  'İ',
  '👩‍👧',
  "o'x",
  '%',
  '01',
  '1',
  '1.0',
  'null',
  'NaN',
]

const kinds: Kind[] = [
  {
    name: 'i',
    types: { shop: 'int', erp: 'int', lake: 'int4' },
    values: ['0', '-1', '1', '2147483647', '-2147483648'],
    constants: ['0', '-1', '2', '2147483647', '-2147483648', '3000000000', '1.5', 'NULL'],
  },
  {
    name: 'b',
    types: { shop: 'bigint', erp: 'bigint', lake: 'bigint' },
    values: ['0', '9007199254740993', '9007199254740992', '-9223372036854775808', '9223372036854775807'],
    constants: [
      '9007199254740993',
      '9007199254740992',
      '9223372036854775807',
      '-9223372036854775808',
      '1e17::double',
      '0',
    ],
  },
  {
    name: 'n',
    types: { shop: 'numeric(20,4)', erp: 'decimal(20,4)', lake: 'decimal(20,4)' },
    values: ['0', '0.1', '-0.1', '1234567890123456.7891', '1234567890123456.7890', '9.9999'],
    constants: ['0.1', '0.10001', '1234567890123456.7891', '1234567890123456.7890', '-0.1', '10'],
  },
  {
    name: 'f',
    types: { shop: 'double precision', erp: 'double', lake: 'double' },
    values: ['0', '0.1', '1e300', '-1e300', '0.30000000000000004'],
    constants: ['0.1', '0.3', `'NaN'::double`, `'inf'::double`, '0'],
  },
  {
    name: 'd',
    types: { shop: 'date', erp: 'date', lake: 'date' },
    values: [`'1000-01-01'`, `'9999-12-31'`, `'1970-01-01'`, `'1969-12-31'`, `'2024-02-29'`],
    constants: [
      `DATE '1970-01-01'`,
      `DATE '1000-01-01'`,
      `DATE '0001-01-01'`,
      `DATE '9999-12-31'`,
      `DATE '2024-02-29'`,
      `DATE 'infinity'`,
      `TIMESTAMP '2024-02-29 12:00:00'`,
    ],
  },
  {
    name: 't',
    types: { shop: 'timestamp', erp: 'datetime(6)', lake: 'timestamp' },
    values: [
      `'1970-01-01 00:00:00'`,
      `'1969-12-31 23:59:59.999999'`,
      `'9999-12-31 23:59:59.999999'`,
      `'2024-03-31 02:30:00.5'`,
      `'1000-01-01 00:00:00'`,
    ],
    constants: [
      `TIMESTAMP '1969-12-31 23:59:59.999999'`,
      `TIMESTAMP '1970-01-01'`,
      `TIMESTAMP '2024-03-31 02:30:00.5'`,
      `TIMESTAMP '2024-03-31 02:30:00.500001'`,
      `TIMESTAMP '-infinity'`,
      `DATE '2024-03-31'`,
    ],
  },
  {
    name: 'o',
    types: { shop: 'boolean', erp: 'boolean', lake: 'boolean' },
    values: ['true', 'false'],
    constants: ['true', 'false'],
  },
  {
    name: 'u',
    types: { shop: 'uuid', erp: 'char(36)', lake: 'uuid text' },
    values: [
      `'00000000-0000-0000-0000-000000000000'`,
      `'ffffffff-ffff-ffff-ffff-ffffffffffff'`,
      `'7fffffff-ffff-ffff-ffff-ffffffffffff'`,
      `'80000000-0000-0000-0000-000000000001'`,
    ],
    constants: [
      `'80000000-0000-0000-0000-000000000001'`,
      `'7fffffff-ffff-ffff-ffff-ffffffffffff'`,
      `'00000000-0000-0000-0000-000000000000'`,
    ],
  },
  {
    name: 's',
    types: { shop: 'text', erp: 'varchar(20) character set utf8mb4 collate utf8mb4_general_ci', lake: 'text' },
    values: texts.map(text),
    constants: texts.map(text),
  },
  {
    name: 'p',
    types: { shop: 'varchar(20)', erp: 'varchar(20) character set latin1', lake: 'varchar(20) collate nocase' },
    values: ['', 'a', 'A', 'a ', 'ß', 'ss', 'é'].map(text),
    constants: ['', 'a', 'A', 'a ', 'ß', 'ss', 'é', '漢'].map(text),
  },
  {
    name: 'c',
    types: { shop: 'char(4)', erp: 'char(4)', lake: 'char(4) collate rtrim' },
    values: ['', 'a', 'A', 'ab'].map(text),
    constants: ['', 'a', 'a   ', 'A   ', 'ab', 'ab  '].map(text),
  },
]

beforeAll(async () => {
  const rows = Array.from({ length: 60 }, (_, row) =>
    kinds.map(({ values }, index) =>
      row % (7 + index) === 3 ? 'NULL' : (values[(row * (index + 1)) % values.length] ?? 'NULL'),
    ),
  )
  const made = (where: keyof Kind['types']) =>
    `create table v (k int, ${kinds.map(({ name, types }) => `${name} ${types[where]}`).join(', ')})`
  const filled = `insert into v values ${rows.map((row, k) => `(${[k, ...row].join(', ')})`).join(', ')}`
  await three.postgres(
    made('shop'),
    filled,
    `update v set f = 'NaN' where k % 11 = 5`,
    `update v set f = 'infinity' where k % 11 = 6`,
    `update v set d = 'infinity' where k % 13 = 4`,
    `update v set t = '-infinity' where k % 13 = 5`,
  )
  await three.mariadb(made('erp'), filled)
  three.sqlite(made('lake'), filled)
})

const comparison = (kind: Kind) =>
  fc
    .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), fc.constantFrom(...kind.constants), fc.boolean())
    .map(([operator, constant, turned]) =>
      turned ? `${constant} ${operator} ${kind.name}` : `${kind.name} ${operator} ${constant}`,
    )

const condition: fc.Arbitrary<string> = fc.constantFrom(...kinds).chain((kind) =>
  fc.oneof(
    { weight: 4, arbitrary: comparison(kind) },
    { weight: 1, arbitrary: fc.constantFrom(`${kind.name} is null`, `${kind.name} is not null`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(fc.constantFrom(...kind.constants, 'NULL'), { minLength: 1, maxLength: 4 }), fc.boolean())
        .map(([list, not]) => `${kind.name} ${not ? 'not ' : ''}in (${list.join(', ')})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...kind.constants), fc.constantFrom(...kind.constants))
        .map(([low, high]) => `${kind.name} between ${low} and ${high}`),
    },
    {
      weight: 1,
      arbitrary: kind.name === 'o' ? fc.constantFrom('o', 'not o', 'o is true', 'o is not false') : comparison(kind),
    },
  ),
)

const predicate = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    condition,
    fc.tuple(tie('any'), fc.constantFrom('and', 'or'), tie('any')).map(([a, word, b]) => `(${a} ${word} ${b})`),
    tie('any').map((inner) => `not (${inner})`),
  ),
})).any

const infinite = 'An infinite timestamp has no time of day.'

/** The rows, or that the engine refuses the condition, which must not depend on who applies it either. */
const outcomeOf = (sql: string, options?: { pushes: boolean }) =>
  three.rows(sql, options).catch((error: unknown) => {
    if (error instanceof AppError && error.message === infinite) return error.message
    throw error
  })

const runs = 40
const pushedByAll = ["s = 'ss'", 's is not null', "'ss' = s"]
const refused = ["d between DATE 'infinity' and TIMESTAMP '2024-02-29 12:00:00'"]

test.each(['shop', 'erp', 'lake'])(
  'filters give the same rows whether %s or the engine applies them',
  async (connection) => {
    let pushed = 0
    await fc.assert(
      fc.asyncProperty(predicate, async (where) => {
        const sql = `select k from ${connection}.v where ${where} order by k`
        three.asked.length = 0
        const outcome = await outcomeOf(sql)
        if (three.asked.some(({ statement }) => statement.sql.includes(' WHERE '))) pushed++
        expect(outcome).toEqual(await outcomeOf(sql, { pushes: false }))
      }),
      { numRuns: runs, examples: [...pushedByAll, ...refused].map((where) => [where]) },
    )
    // The property says nothing when nothing is pushed.
    expect(pushed).toBeGreaterThanOrEqual(pushedByAll.length)
  },
)

test('a date is not compared with an infinite timestamp, and the error says what to write', async () => {
  const error = await three.failure("select k from shop.v where d < TIMESTAMP 'infinity'")
  expect(error).toMatchObject({ code: 'DATA_TYPE', message: infinite })
  expect(error.hint).toContain("DATE 'infinity'")
  expect(await three.rows("select count(*) from shop.v where d < DATE 'infinity'")).toEqual(
    await three.rows('select count(*) from shop.v where isfinite(d)'),
  )
})
