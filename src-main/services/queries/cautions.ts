import type { Caution } from '../../../shared/contract/queries.ts'
import { firstWord, isQuery, plain, type SqlStatement } from '../../../shared/sql/statements.ts'
import type { Target } from './target.ts'

/** Statements that change nothing but the session. */
const harmless =
  /^(explain|show|describe|desc|pragma|set|reset|use|begin|start|commit|rollback|end|savepoint|release|abort|discard|listen|unlisten|fetch|close|declare|lock|help)$/

/** What to ask before statements run. `manual`: in a transaction that is ended by hand. */
export function cautionsOf(
  statements: readonly SqlStatement[],
  { dialect, config }: Pick<Target, 'dialect' | 'config'>,
  manual: boolean,
): Caution[] {
  // Across databases, whatever does more than read is refused.
  if (dialect.id === 'duckdb') return []
  return statements.flatMap(({ sql, start, from, to }, statement): Caution[] => {
    const first = firstWord(sql, dialect.id)
    const words = plain(sql, dialect.id).toLowerCase()
    const caution = (kind: Caution['kind'], message: string): Caution => ({
      statement,
      position: from,
      sql: sql.slice(from - start, to - start).slice(0, 200),
      kind,
      message,
    })
    const found: Caution[] = []
    const change = changeOf(first, words)
    if (change && !/\bwhere\b/.test(change.rest)) {
      found.push(caution('no-where', `${change.word.toUpperCase()} without WHERE changes every row of the table.`))
    }
    if (first === 'drop' || first === 'truncate' || (first === 'alter' && /\bdrop\b/.test(words))) {
      found.push(caution('drop', `${first.toUpperCase()} removes what it names for good.`))
    }
    if (manual && dialect.commitsItself(sql)) {
      found.push(caution('commits', `${first.toUpperCase()} commits what the transaction has done so far.`))
    }
    const writes = change !== undefined || (!isQuery(sql, dialect.id) && !harmless.test(first))
    if (config.environment === 'production' && writes && found.length === 0) {
      found.push(caution('production', `${first.toUpperCase()} writes to a production database.`))
    }
    return found
  })
}

/** An UPDATE or DELETE, also one inside WITH, and the words behind it. */
function changeOf(first: string, words: string): { word: string; rest: string } | undefined {
  if (first !== 'update' && first !== 'delete' && first !== 'with') return undefined
  const match = /\b(update|delete)\b(?!\s*(set|skip|of|nowait)\b)/.exec(
    words.replace(/\bfor\s+(no\s+key\s+)?update\b/g, ''),
  )
  const word = match?.[1]
  return word === undefined || match === null ? undefined : { word, rest: words.slice(match.index) }
}
