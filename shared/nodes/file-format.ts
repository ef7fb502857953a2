/** The format that a file's name tells, compression aside; undefined when it tells none. */
export function formatOfName(path: string): 'csv' | 'json' | 'ndjson' | 'parquet' | undefined {
  const end = /\.(csv|tsv|tab|txt|json|ndjson|jsonl|parquet)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase()
  if (end === undefined) return undefined
  if (end === 'json' || end === 'parquet') return end
  return end === 'ndjson' || end === 'jsonl' ? 'ndjson' : 'csv'
}

/** Whether a file may turn out to have one of the formats, going by what is set and by its name. */
export function mayBe(
  { path, format = 'auto' }: { readonly path?: string | string[]; readonly format?: string },
  ...formats: string[]
): boolean {
  if (format !== 'auto') return formats.includes(format)
  const named = [path ?? ''].flat().map((name) => formatOfName(name))
  return named.some((found) => found === undefined || formats.includes(found))
}
