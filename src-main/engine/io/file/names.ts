/** The format that a file name stands for; undefined when it stands for none. */
export function formatByName(file: string): 'csv' | 'json' | 'ndjson' | 'parquet' | undefined {
  const extension = /\.([a-z0-9]+)(?:\.(?:gz|zst))?$/i.exec(file)?.[1]?.toLowerCase()
  if (extension === 'csv' || extension === 'tsv' || extension === 'txt' || extension === 'tab') return 'csv'
  if (extension === 'json' || extension === 'geojson') return 'json'
  if (extension === 'ndjson' || extension === 'jsonl') return 'ndjson'
  return extension === 'parquet' || extension === 'pq' ? 'parquet' : undefined
}
