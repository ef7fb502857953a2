import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../src-main/dialects/dialect.ts'
import { execute } from './subject.ts'

/** A database whose catalog is read, and what only the outside can do to it. */
export interface SchemaSubject {
  database: Database
  readOnly(): Promise<Database>
  /** The schema that tables without one are made in; null where there are no schemas. */
  schema: string | null
  /** Queries sent since the last call. */
  queries(): number
  cleanup(): Promise<void>
}

export interface SchemaFacts {
  /** Makes many small tables or views. */
  makeMany(database: Database): Promise<void>
  many: number
  /** How the default 'it''s' is spelled. */
  defaultText: string
  method: string | null
}

const odd = 'Größe "A" tab`le'

/** What every dialect tells of its catalog. Runs unchanged on each; `facts` say where databases may differ. */
export function schemaConforms(name: string, facts: SchemaFacts, open: () => Promise<SchemaSubject>): void {
  describe(`the catalog of ${name}`, () => {
    let subject: SchemaSubject
    const catalog = () => subject.database.catalog
    const placed = (table: string) => ({ schema: subject.schema, name: table })

    beforeAll(async () => {
      subject = await open()
      const q = subject.database.dialect.quote
      await execute(
        subject.database,
        `create table ${q(odd)} (${q('Id A')} integer not null, seq integer not null, ${q('na"me')} varchar(20) default 'it''s' not null,
           qty integer, constraint ${q('qty "must"')} check (qty > 0), primary key (${q('Id A')}, seq))`,
        `create table ${q('select')} (id integer not null primary key, a integer, s integer, parent integer,
           constraint ${q('to odd')} foreign key (a, s) references ${q(odd)} (${q('Id A')}, seq) on delete cascade on update set null,
           constraint self foreign key (parent) references ${q('select')} (id))`,
        `create unique index ${q('ix "1"')} on ${q('select')} (s, parent)`,
        `create view ${q('A view')} as select ${q('Id A')}, qty from ${q(odd)}`,
      )
    })
    afterAll(() => subject?.cleanup())

    it('lists tables and views with their schema', async () => {
      const { objects, schemas, defaultSchema } = await catalog().objects()
      const own = objects.filter(({ schema }) => schema === subject.schema)
      expect(own.map(({ name, kind }) => [name, kind]).sort()).toEqual([
        ['A view', 'view'],
        [odd, 'table'],
        ['select', 'table'],
      ])
      expect(own.find(({ kind }) => kind === 'view')).toMatchObject({ rows: null, comment: null })
      expect(defaultSchema).toBe(subject.schema)
      if (subject.schema !== null) expect(schemas).toContain(subject.schema)
      else expect(schemas).toEqual([])
    })

    it('tells the columns of a table with an odd name', async () => {
      const found = await catalog().object({ name: odd })
      expect(found).toMatchObject({ ...placed(odd), kind: 'table', foreignKeys: [], triggers: [] })
      const plain = { default: null, generated: false, comment: null }
      expect(found?.columns).toMatchObject([
        { ...plain, name: 'Id A', nullable: false, primaryKey: true },
        { ...plain, name: 'seq', nullable: false, primaryKey: true },
        {
          ...plain,
          name: 'na"me',
          type: { kind: 'text' },
          nullable: false,
          primaryKey: false,
          default: facts.defaultText,
        },
        { ...plain, name: 'qty', nullable: true, primaryKey: false },
      ])
      expect(found?.columns[2]?.databaseType.toLowerCase()).toMatch(/^(varchar|character varying)\(20\)$/)
      expect(found?.checks).toEqual([{ name: 'qty "must"', expression: expect.stringMatching(/^[`"]?qty[`"]? > 0$/) }])
    })

    it('tells keys in both directions, composite ones and those of a table to itself', async () => {
      const found = await catalog().object({ name: 'select' })
      const toOdd = { name: 'to odd', columns: ['a', 's'], onDelete: 'cascade', onUpdate: 'set null' }
      const toSelf = { name: 'self', columns: ['parent'], onDelete: null, onUpdate: null }
      const references = (table: string, columns: string[]) => ({ schema: subject.schema, table, columns })
      expect(found?.foreignKeys).toHaveLength(2)
      expect(found?.foreignKeys).toContainEqual({ ...toOdd, references: references(odd, ['Id A', 'seq']) })
      expect(found?.foreignKeys).toContainEqual({ ...toSelf, references: references('select', ['id']) })
      const from = { schema: subject.schema, table: 'select' }
      expect(found?.referencedBy).toEqual([{ ...from, name: 'self', columns: ['parent'], references: ['id'] }])
      expect((await catalog().object({ name: odd }))?.referencedBy).toEqual([
        { ...from, name: 'to odd', columns: ['a', 's'], references: ['Id A', 'seq'] },
      ])
    })

    it('tells indexes', async () => {
      const found = await catalog().object({ name: 'select' })
      expect(found?.indexes.find((each) => each.name === 'ix "1"')).toEqual({
        name: 'ix "1"',
        columns: ['s', 'parent'],
        unique: true,
        primary: false,
        condition: null,
        method: facts.method,
      })
      const composite = await catalog().object({ name: odd })
      expect(composite?.indexes[0]).toMatchObject({ columns: ['Id A', 'seq'], unique: true, primary: true })
    })

    it('tells a view', async () => {
      const found = await catalog().object({ name: 'A view' })
      expect(found).toMatchObject({ ...placed('A view'), kind: 'view', indexes: [], foreignKeys: [], checks: [] })
      expect(found?.columns.map(({ name }) => name)).toEqual(['Id A', 'qty'])
    })

    it('knows nothing of what is not there', async () => {
      expect(await catalog().object({ name: 'nowhere' })).toBeUndefined()
      expect(await catalog().object({ schema: 'nowhere', name: odd })).toBeUndefined()
      expect(await catalog().definition({ name: 'nowhere' })).toBeUndefined()
      expect(await catalog().diagram({ schema: 'nowhere' })).toEqual({ tables: [], relations: [] })
    })

    it('draws a schema, or some of its tables', async () => {
      const whole = await catalog().diagram({})
      expect(whole.tables.map((table) => table.name).sort()).toEqual(['A view', odd, 'select'])
      const select = whole.tables.find((table) => table.name === 'select')
      expect(select).toMatchObject({ ...placed('select'), kind: 'table' })
      expect(select?.columns.map((each) => [each.name, each.primaryKey, each.foreignKey, each.nullable])).toEqual([
        ['id', true, false, false],
        ['a', false, true, true],
        ['s', false, true, true],
        ['parent', false, true, true],
      ])
      expect(whole.relations).toHaveLength(2)
      expect(whole.relations).toContainEqual({
        name: 'to odd',
        from: { table: 'select', columns: ['a', 's'] },
        to: { schema: subject.schema, table: odd, columns: ['Id A', 'seq'] },
      })
      const part = await catalog().diagram({ tables: [odd] })
      expect(part.tables.map((table) => table.name)).toEqual([odd])
      expect(part.relations).toEqual([])
      expect(await catalog().diagram({ tables: [] })).toEqual({ tables: [], relations: [] })
    })

    it('gives statements that make the same again', async () => {
      const q = subject.database.dialect.quote
      const names = [odd, 'select', 'A view']
      const read = () => Promise.all(names.map((each) => catalog().definition({ name: each })))
      const before = await read()
      await execute(subject.database, `drop view ${q('A view')}`, `drop table ${q('select')}`, `drop table ${q(odd)}`)
      expect(await read()).toEqual([undefined, undefined, undefined])
      for (const sql of before) await execute(subject.database, ...statements(sql ?? ''))
      expect(await read()).toEqual(before)
    })

    it('lists functions, each once, with their kinds', async () => {
      const functions = await catalog().functions()
      const kindOf = (each: string) => functions.find(({ name }) => name === each)?.kind
      expect(['lower', 'round', 'count', 'max', 'row_number'].map(kindOf)).toEqual([
        'function',
        'function',
        'aggregate',
        'aggregate',
        'window',
      ])
      const names = functions.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      expect(names).toEqual([...names].sort())
    })

    it('answers on a read-only connection', async () => {
      await using database = await subject.readOnly()
      expect((await database.catalog.objects()).objects.length).toBeGreaterThan(2)
      expect((await database.catalog.object({ name: odd }))?.columns).toHaveLength(4)
      expect(await database.catalog.definition({ name: odd })).toContain('seq')
      expect((await database.catalog.diagram({})).relations).toHaveLength(2)
      expect((await database.catalog.functions()).length).toBeGreaterThan(50)
    })

    it('asks as many queries for many tables as for few', async () => {
      const asked = async () => {
        subject.queries()
        const counts: number[] = []
        const { objects } = await catalog().objects()
        counts.push(subject.queries())
        const { tables } = await catalog().diagram({})
        counts.push(subject.queries())
        await catalog().object({ name: odd })
        counts.push(subject.queries())
        // Others use the same server at the same time, in databases of their own.
        const own = objects.filter(({ schema }) => schema === subject.schema)
        return { counts, objects: own.length, tables: tables.length }
      }
      const few = await asked()
      await facts.makeMany(subject.database)
      const lots = await asked()
      expect(lots.counts).toEqual(few.counts)
      expect(lots.objects).toBe(few.objects + facts.many)
      expect(lots.tables).toBe(few.tables + facts.many)
      expect(Math.max(...few.counts)).toBeLessThanOrEqual(12)
    })
  })
}

/** The statements of a definition, which no semicolon inside one ends here. */
const statements = (sql: string) => sql.split(/;(?:\n\n|$)/).filter((each) => each !== '')
