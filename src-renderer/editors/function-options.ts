import type { Completion } from '@codemirror/autocomplete'
import duckdb from './duckdb-functions.json' with { type: 'json' }
import { type EditorDialect, isReserved, nameText } from './names.ts'

/** A function that SQL can call, as far as its database tells. */
export interface KnownFunction {
  name: string
  args: string
  description: string | null
}

export const duckdbFunctions: readonly KnownFunction[] = Object.entries(duckdb).map(
  ([name, [args = '', description = '']]) => ({ name, args, description: description || null }),
)

/** Below columns and tables; words of the language that are also functions (LEFT, REPLACE) come before their functions. */
export function functionOption({ name, args, description }: KnownFunction, dialect: EditorDialect): Completion {
  return {
    label: name,
    detail: `(${args})`,
    type: 'function',
    boost: isReserved(name, dialect) ? -3 : -1,
    ...(description !== null && { info: description }),
    apply: (view, _completion, from, to) => {
      const insert = `${isReserved(name, dialect) ? name : nameText(name, dialect)}()`
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + insert.length - (args === '' ? 0 : 1) },
        userEvent: 'input.complete',
      })
    },
  }
}
