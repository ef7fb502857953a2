import { AppError } from '../errors.ts'

/** Names of members and numbers of elements (from 0), outermost first; empty for the value itself. */
export type JsonPath = (string | number)[]

const step = /(?:\.?"((?:[^"\\]|\\.)*)"|\.?([^.[\]"]+)|\[(\d+)\])/y

/**
 * Reads a path such as `address.city`, `tags[0]`, `"odd.name".x`; a `$` at the front may stand for the whole value.
 * @throws AppError CONFIG_INVALID with `field` and the position of what cannot be read.
 */
export function parsePath(text: string, field: string): JsonPath {
  const steps: JsonPath = []
  let at = /^\$(?=$|[.[])/.test(text) ? 1 : 0
  while (at < text.length) {
    step.lastIndex = at
    const match = step.exec(text)
    const follows = at === 0 || text[at] === '.' || text[at] === '['
    const dotFirst = at === 0 && text[at] === '.'
    if (match === null || !follows || dotFirst) {
      throw new AppError('CONFIG_INVALID', `The path ${text} cannot be read from position ${at + 1} on.`, {
        at: { field, position: at },
        hint: 'Write a path as a.b[0]."odd name", or $ for the value itself.',
      })
    }
    const [whole, quoted, plain, index] = match
    steps.push(index === undefined ? (plain ?? (quoted ?? '').replace(/\\(.)/g, '$1')) : Number(index))
    at += whole.length
  }
  return steps
}

/** The last name in a path, which names the value where nothing else does. */
export function lastName(path: JsonPath): string | undefined {
  return path.findLast((part) => typeof part === 'string' && part !== '')?.toString()
}

/** The path as DuckDB takes it: a JSON pointer, or `$` for the value itself. */
export function pointer(path: JsonPath): string {
  if (path.length === 0) return '$'
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
