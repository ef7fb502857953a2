/** The format that a file's name tells, compression aside; undefined when it tells none. */
export function formatOfName(path: string): 'csv' | 'json' | 'ndjson' | 'parquet' | undefined {
  const extension = /\.([a-z0-9]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase()
  if (extension === 'csv' || extension === 'tsv' || extension === 'txt' || extension === 'tab') return 'csv'
  if (extension === 'json' || extension === 'geojson') return 'json'
  if (extension === 'ndjson' || extension === 'jsonl') return 'ndjson'
  return extension === 'parquet' || extension === 'pq' ? 'parquet' : undefined
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
