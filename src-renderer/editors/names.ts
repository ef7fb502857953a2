export const editorDialects = ['duckdb', 'postgres', 'sqlite', 'mysql'] as const
export type EditorDialect = (typeof editorDialects)[number]

/** Words of the embedded engine's SQL. */
export const duckdbWords =
  'all and any as asc between by case cast cross desc distinct else end except exclude exists false filter first following from full group having ilike in inner intersect interval is join last left like limit natural not null nulls offset on or order outer over partition preceding qualify range recursive replace right row rows select semi anti similar then true try_cast unbounded union unnest using values when where window with within'

/** A name as SQL needs it: quoted where it would be read otherwise. */
export function nameText(name: string, dialect: EditorDialect): string {
  const plain = dialect === 'postgres' ? /^[a-z_][a-z0-9_]*$/ : /^[A-Za-z_][A-Za-z0-9_]*$/
  if (plain.test(name) && !isReserved(name)) return name
  return dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

const reserved = new Set(
  `${duckdbWords} table user check column constraint create default foreign index key primary references to`.split(' '),
)

/** Whether a name is a word of the language, which a bare name could be taken for. */
export const isReserved = (name: string) => reserved.has(name.toLowerCase())
