import type { DatabaseSync } from 'node:sqlite'
import type { SchemaFunction } from '../../../../shared/data/catalog.ts'

/** Helpers of virtual tables and of SQLite itself, which no query calls. */
const internal = /^(?:sqlite_|rtree|fts|geopoly_debug|match$|optimize$|load_extension$|subtype$|likel|unlikely$)/

export function functions(database: DatabaseSync): SchemaFunction[] {
  const rows = database
    .prepare(
      `select name, max(type = 'w') as window, max(type = 'a') as aggregate, min(narg) as fewest, max(narg) as most
         from pragma_function_list where name glob '[a-z]*' group by name order by name`,
    )
    .all()
  return rows.flatMap((row): SchemaFunction[] => {
    const name = String(row.name)
    if (internal.test(name)) return []
    const kind = onlyWindow.has(name)
      ? 'window'
      : Number(row.window) + Number(row.aggregate) > 0
        ? 'aggregate'
        : 'function'
    return [{ name, args: argsOf(Number(row.fewest), Number(row.most)), returns: null, kind, description: null }]
  })
}

/** SQLite lists aggregates, which can all be used with OVER, under the same type as these. */
const onlyWindow = new Set(
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value'.split(' '),
)

/** SQLite knows how many arguments there are, and no more; -1 is any number. */
function argsOf(fewest: number, most: number): string {
  if (fewest < 0) return '…'
  const names = Array.from({ length: most }, (_, index) => (index < fewest ? `x${index + 1}` : `[x${index + 1}]`))
  return most === 1 && fewest === 1 ? 'x' : names.join(', ')
}
