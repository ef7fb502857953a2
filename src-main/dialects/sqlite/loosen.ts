import { lexis, tokenizeSql } from '../../../shared/sql/placeholders.ts'

const opens = /^(?:where|having|on)$/i
const ends =
  /^(?:where|group|having|order|limit|window|union|intersect|except|join|left|right|inner|outer|cross|full|natural|on|,)$/i

/**
 * The same query with every condition made true (`where a > 1` becomes `where (1 or (a > 1))`), so that a small
 * sample is sure to give rows. Works on words alone; where it misjudges a query, the result does not compile.
 */
export function loosen(sql: string): string {
  const open: number[] = []
  let depth = 0
  let result = ''
  const close = () => {
    open.pop()
    result += ')) '
  }
  for (const token of tokenizeSql(sql, lexis.sqlite)) {
    const words = token.type === 'text' ? (token.text.match(/[A-Za-z_]\w*|\d\w*|\s+|[^\w\s]/g) ?? []) : [token.text]
    for (const word of words) {
      if (word === ')' && open.at(-1) === depth) close()
      if (word === '(') depth++
      if (word === ')') depth--
      if (ends.test(word) && open.at(-1) === depth) close()
      result += word
      if (opens.test(word)) {
        open.push(depth)
        result += ' (1 or ('
      }
    }
  }
  while (open.length > 0) {
    result += '\n'
    close()
  }
  return result
}
