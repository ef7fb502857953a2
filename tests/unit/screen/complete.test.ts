import { CompletionContext } from '@codemirror/autocomplete'
import { sql } from '@codemirror/lang-sql'
import { EditorState } from '@codemirror/state'
import { describe, expect, test } from 'vitest'
import { completeSql, type SqlNames } from '../../../src-renderer/editors/complete.ts'
import { sqlDialects } from '../../../src-renderer/editors/dialects.ts'

async function optionsFor(text: string, names: SqlNames) {
  const state = EditorState.create({ doc: text, extensions: sql({ dialect: sqlDialects[names.dialect] }) })
  return (await completeSql(new CompletionContext(state, text.length, false), names))?.options ?? []
}

const fn = (name: string, args: string, description: string | null = null) => ({ name, args, description })
const functions = [fn('left', 'text, integer'), fn('length', 'text', 'Characters of a text'), fn('My Func', '')]
const tables = [{ schema: 'public', name: 'ledger' }]
const names: SqlNames = {
  dialect: 'postgres',
  tables: async () => tables,
  functions: async () => functions,
  columnsOf: async () => [{ name: 'level', type: { kind: 'int32' } }],
}

describe('completing SQL of a database', () => {
  test('offers its functions under columns and tables, with what they take', async () => {
    const options = await optionsFor('select 1 from ledger where le', names)
    const boost = (label: string, type: string) =>
      options.find((each) => each.label === label && each.type === type)?.boost ?? 0
    expect(options.find(({ label }) => label === 'length')).toMatchObject({
      type: 'function',
      detail: '(text)',
      info: 'Characters of a text',
    })
    expect(boost('level', 'property')).toBeGreaterThan(boost('ledger', 'class'))
    expect(boost('ledger', 'class')).toBeGreaterThan(boost('length', 'function'))
  })

  describe('quoted names', () => {
    const odd: SqlNames = {
      ...names,
      tables: async () => [...tables, { schema: 'Odd Place', name: 'Sales "2024"' }],
      columnsOf: async ({ name }) =>
        name === 'ledger' ? ['Net price', 'level'].map((column) => ({ name: column, type: { kind: 'int32' } })) : [],
    }
    /** The text after the option was taken; the caret is at the bar. */
    const taken = async (text: string, label: string, dialect: SqlNames['dialect'] = 'postgres') => {
      const pos = text.indexOf('|')
      const doc = text.replace('|', '')
      const state = EditorState.create({ doc, extensions: sql({ dialect: sqlDialects[dialect] }) })
      const found = await completeSql(new CompletionContext(state, pos, false), { ...odd, dialect })
      const option = found?.options.find((each) => each.label === label)
      if (!found || !option) return undefined
      expect(label.toLowerCase().startsWith(doc.slice(found.from, pos).toLowerCase())).toBe(true)
      return doc.slice(0, found.from) + (option.apply ?? option.label) + doc.slice(found.to ?? pos)
    }

    test('are completed within their quotes, closed or not', async () => {
      expect(await taken('select "N|" from ledger', 'Net price')).toBe('select "Net price" from ledger')
      expect(await taken('select "|" from ledger', 'level')).toBe('select "level" from ledger')
      expect(await taken('select l."ne| from ledger l', 'Net price')).toBe('select l."Net price" from ledger l')
      expect(await taken('select `N|` from ledger', 'Net price', 'mysql')).toBe('select `Net price` from ledger')
      expect(await taken('select * from "Sa|"', 'Sales "2024"')).toBe('select * from "Odd Place"."Sales ""2024"""')
      expect(await taken('select * from "Odd Place"."|"', 'Sales "2024"')).toBe(
        'select * from "Odd Place"."Sales ""2024"""',
      )
      expect(await taken('select "le|" from ledger', 'left')).toBeUndefined()
    })

    test('do not keep what comes after them from being completed', async () => {
      expect(await taken('select "Net price", N| from ledger', 'Net price')).toBe(
        'select "Net price", "Net price" from ledger',
      )
      expect(await taken('select "Net price" + le| from ledger', 'level')).toBe(
        'select "Net price" + level from ledger',
      )
      expect(await taken('select "a b", l.| from ledger l', 'level')).toBe('select "a b", l.level from ledger l')
      expect(await taken('select * from "Odd Place".|', 'Sales "2024"')).toBe(
        'select * from "Odd Place"."Sales ""2024"""',
      )
      expect(await taken('select "Net price"| from ledger', 'level')).toBeUndefined()
    })
  })

  describe('columns of a query within another', () => {
    const shop: SqlNames = {
      ...names,
      columnsOf: async ({ name }) =>
        name === 'ledger' ? ['id', 'level', 'Net price'].map((each) => ({ name: each, type: { kind: 'int32' } })) : [],
    }
    /** Names of columns, and their types where they are known; the caret is at the bar. */
    const offered = async (text: string, dialect: SqlNames['dialect'] = 'postgres') => {
      const pos = text.indexOf('|')
      const state = EditorState.create({
        doc: text.replace('|', ''),
        extensions: sql({ dialect: sqlDialects[dialect] }),
      })
      const found = await completeSql(new CompletionContext(state, pos, true), { ...shop, dialect })
      return (found?.options ?? []).flatMap(({ label, type, detail }) =>
        type === 'property' ? [detail === undefined ? label : `${label} ${detail}`] : [],
      )
    }

    test.each<[string, string[]]>([
      ['select r.| from (select id, level n from ledger) r', ['id int32', 'n int32']],
      ['select * from ledger q join (select id from ledger) r on r.|', ['id int32']],
      ['with c as (select id as zed from ledger) select c.| from c', ['zed int32']],
      ['with c as (select id as zed from ledger) select x.| from c x', ['zed int32']],
      ['with c(a, b) as (select id, count(*) from ledger group by id) select c.| from c', ['a int32', 'b']],
      ['with a as (select id i from ledger), b as (select * from a) select b.| from b', ['i int32']],
      ['select r.| from (select * from ledger) as r', ['id int32', 'level int32', 'Net price int32']],
      [
        'select r.| from (select l.*, 1 one from ledger l, (select 2 as two) s) r',
        ['id int32', 'level int32', 'Net price int32', 'one'],
      ],
      ['select r.| from (select * from (select id k from ledger) s) r', ['k int32']],
      [
        'select r.| from (select distinct upper(\'a, b\') as up, max(id) top, id + level, case when id then 1 end, "Net price" "p q" from ledger) r',
        ['up', 'top', 'p q int32'],
      ],
      ['with recursive c as (select 1 as n union all select n + 1 from c) select c.| from c', ['n']],
      ['with recursive c as (select * from c) select c.| from c', []],
      ['select r.| from (select id from ledger', []],
      ['select 1 from (select id a from ledger) r; select r.| from (select id b from ledger) r', ['b int32']],
    ])('%s', async (text, expected) => expect(await offered(text)).toEqual(expected))

    test('are offered without their owner as well, and so is its name', async () => {
      const text = 'select | from (select id as key from ledger) sub'
      expect(await offered(text)).toContain('key int32')
      const options = await optionsFor('with sub as (select 1) select su', shop)
      expect(options.filter(({ label }) => label === 'sub')).toMatchObject([{ type: 'variable' }])
    })

    test('may stand in brackets in SQLite', async () => {
      expect(await offered('select r.| from (select id as [a b] from [ledger]) r', 'sqlite')).toEqual(['a b int32'])
    })
  })

  test('knows the table of every statement that has one, and puts tables first where one is wanted', async () => {
    const shop: SqlNames = {
      ...names,
      tables: async () => [...tables, { schema: 'public', name: 'goods' }],
      columnsOf: async ({ name }) =>
        (name === 'ledger' ? ['level'] : name === 'goods' ? ['sku'] : []).map((each) => ({
          name: each,
          type: { kind: 'int32' },
        })),
    }
    const columns = async (text: string) =>
      (await optionsFor(text, shop)).filter(({ type }) => type === 'property').map(({ label }) => label)
    expect(await columns('delete from ledger using goods g where g.')).toEqual(['sku'])
    expect(await columns('merge into ledger l using goods g on g.')).toEqual(['sku'])
    expect(await columns('select * from ledger join goods using (s')).toEqual(['level', 'sku'])
    expect(await columns('alter table if exists only ledger drop column l')).toEqual(['level'])
    expect(await columns('create unique index on ledger (l')).toEqual(['level'])
    const upsert = 'insert into ledger (level) values (1) on conflict (level) do update set level = excluded.'
    expect(await columns(upsert)).toEqual(['level'])
    const first = async (text: string) =>
      (await optionsFor(text, shop)).toSorted((a, b) => (b.boost ?? 0) - (a.boost ?? 0))[0]?.label
    expect(await first('select * from ledger join l')).toBe('ledger')
    expect(await first('select * from ledger where level is distinct from l')).toBe('level')
  })

  test('keeps the words of the language, before functions of the same name', async () => {
    const options = await optionsFor('select 1 from ledger le', names)
    const left = options.filter(({ label }) => label === 'left').sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0))
    expect(left.map(({ type }) => type)).toEqual(['keyword', 'function'])
  })

  test("leaves DuckDB's functions to DuckDB", async () => {
    const has = async (text: string, dialect: SqlNames['dialect']) =>
      (await optionsFor(text, { dialect })).some(({ type }) => type === 'function')
    expect(await has('select ab', 'duckdb')).toBe(true)
    expect(await has('select ab', 'postgres')).toBe(false)
  })

  test('makes the options of 5,000 tables and 3,000 functions once, not with every key', async () => {
    const many: SqlNames = {
      dialect: 'postgres',
      tables: async () => manyTables,
      functions: async () => manyFunctions,
    }
    const manyTables = Array.from({ length: 5_000 }, (_, n) => ({ schema: 'public', name: `table_${n}` }))
    const manyFunctions = Array.from({ length: 3_000 }, (_, n) => fn(`function_${n}`, 'text'))
    const made = (options: readonly { label: string }[]) =>
      options.filter(({ label }) => /^(table|function)_\d+$/.test(label))
    const first = made(await optionsFor('select t', many))
    const second = made(await optionsFor('select ta', many))
    expect(first).toHaveLength(8_000)
    expect(second.every((option, index) => option === first[index])).toBe(true)
  })
})
