import { AppError } from '../errors.ts'

/** Reads `name`, `schema.name` or `"odd.schema"."odd ""name"""`. @throws AppError CONFIG_INVALID */
export function parseTableName(text: string): { schema?: string; name: string } {
  const parts = [...text.trim().matchAll(/(?:"((?:[^"]|"")+)"|([^".]+))(\.|$)/gy)]
  const length = parts.reduce((sum, part) => sum + part[0].length, 0)
  const names = parts.map((part) => part[1]?.replaceAll('""', '"') ?? part[2] ?? '')
  const [first, second] = names
  if (length !== text.trim().length || first === undefined || names.length > 2 || text.trim().endsWith('.')) {
    throw new AppError('CONFIG_INVALID', `"${text}" is not a table name.`, {
      hint: 'Write name or schema.name; put names that hold a dot or a quote in double quotes.',
      at: { field: 'table' },
    })
  }
  return second === undefined ? { name: first } : { schema: first, name: second }
}

/** Writes a name as `parseTableName` reads it: quoted where a dot or a quote would part it. */
export function formatTableName({ schema, name }: { schema: string | null; name: string }): string {
  const part = (text: string) => (/[."]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text)
  return schema === null ? part(name) : `${part(schema)}.${part(name)}`
}
