import type { Link } from '../link.ts'
import { type Sequence, sequenceOptions } from './definition-sequences.ts'

interface DefinedColumn {
  /** Quoted. */
  name: string
  type: string
  collation: string | null
  /** SQL of the default or of what a generated column is made of. */
  expression: string | null
  /** pg_attribute.attgenerated: `s` stored, `v` virtual. */
  generated: string
  /** pg_attribute.attidentity: `a` always, `d` by default. */
  identity: string
  required: boolean
  /** Name of the NOT NULL constraint, where it is not the one that the server would give. */
  requiredName: string | null
  inherited: boolean
  /** Of a column of a foreign table. */
  options: string | null
}

const columnsQuery = `
  select pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
         case when a.attcollation <> t.typcollation
              then pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) end,
         pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity, a.attnotnull,
         (select pg_catalog.quote_ident(k.conname) from pg_catalog.pg_constraint k
           where k.conrelid = a.attrelid and k.contype = 'n' and k.conkey[1] = a.attnum
             and k.conname <> c.relname || '_' || a.attname || '_not_null'),
         not a.attislocal,
         (select pg_catalog.string_agg(pg_catalog.quote_ident(o.option_name) || ' ' || pg_catalog.quote_literal(o.option_value), ', ')
            from pg_catalog.pg_options_to_table(a.attfdwoptions) o)
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_type t on t.oid = a.atttypid
    left join pg_catalog.pg_collation co on co.oid = a.attcollation
    left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
   order by a.attnum`

export async function readColumns(session: Link, oid: string): Promise<DefinedColumn[]> {
  const rows = await session.query(columnsQuery, [oid])
  return rows.map(
    ([name, type, collation, expression, generated, identity, required, requiredName, inherited, options]) => ({
      name: name ?? '',
      type: type ?? '',
      collation: collation ?? null,
      expression: expression ?? null,
      generated: generated ?? '',
      identity: identity ?? '',
      required: required === 't',
      requiredName: requiredName ?? null,
      inherited: inherited === 't',
      options: options ?? null,
    }),
  )
}

/** A column as it stands in CREATE TABLE. */
export function columnClause(column: DefinedColumn, sequences: readonly Sequence[]): string {
  const { name, type, collation, options, required, requiredName } = column
  return [
    `${name} ${type}`,
    ...(options === null ? [] : [`OPTIONS (${options})`]),
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    ...valueClause(column, sequences),
    ...(required ? [`${requiredName === null ? '' : `CONSTRAINT ${requiredName} `}NOT NULL`] : []),
  ].join(' ')
}

function valueClause(
  { name, expression, generated, identity }: DefinedColumn,
  sequences: readonly Sequence[],
): string[] {
  if (identity !== '') {
    const sequence = sequences.find(({ identityOf }) => identityOf === name)
    const options = sequence ? sequenceOptions(sequence) : ''
    return [
      `GENERATED ${identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options === '' ? '' : ` (${options})`}`,
    ]
  }
  if (expression === null) return []
  if (generated === '') return [`DEFAULT ${expression}`]
  return [`GENERATED ALWAYS AS (${expression}) ${generated === 'v' ? 'VIRTUAL' : 'STORED'}`]
}
