import type { Caution } from '../../../shared/contract/queries.ts'
import type { SqlDialect } from '../../../shared/sql/placeholders.ts'
import { firstWord, isBlock, isQuery, plain, type SqlStatement } from '../../../shared/sql/statements.ts'
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
    const words = runBy(plain(sql, dialect.id).toLowerCase())
    const first = /^\s*(\w+)/.exec(words)?.[1] ?? firstWord(sql, dialect.id)
    const caution = (kind: Caution['kind'], message: string): Caution => ({
      statement,
      position: from,
      sql: sql.slice(from - start, to - start).slice(0, 200),
      kind,
      message,
    })
    const found: Caution[] = []
    const parts = partsOf(words, dialect.id).map((part) => ({ part, word: firstWord(part, dialect.id) }))
    const changes = parts.map(({ part, word }) => changeOf(word, part)).filter((change) => change !== undefined)
    const bare = changes.find(({ where }) => !where)
    if (bare) {
      found.push(caution('no-where', `${bare.word.toUpperCase()} without WHERE changes every row of the table.`))
    }
    const drops = parts.find(
      ({ part, word }) => word === 'drop' || word === 'truncate' || (word === 'alter' && /\bdrop\b/.test(part)),
    )
    if (drops) found.push(caution('drop', `${drops.word.toUpperCase()} removes what it names for good.`))
    if (manual && first !== 'commit' && first !== 'rollback' && dialect.commitsItself(sql)) {
      found.push(caution('commits', `${first.toUpperCase()} commits what the transaction has done so far.`))
    }
    const writes =
      parts.length > 1 ||
      changes.length > 0 ||
      (first === 'with' ? addsRows(words) : !harmless.test(first) && !isQuery(words, dialect.id))
    if (config.environment === 'production' && writes && found.length === 0) {
      found.push(caution('production', `${first.toUpperCase()} writes to a production database.`))
    }
    return found
  })
}

/** What is really run: EXPLAIN ANALYZE, and MariaDB's ANALYZE, do what they explain. */
function runBy(words: string): string {
  const explained =
    /^\s*(?:explain\s+analyze|explain\s*\([^()]*\banalyze\b[^()]*\)|analyze)(?:\s+(?:verbose|format\s*=\s*\w+))*\s+(?=(?:with|select|insert|update|delete|merge|replace)\b)/
  return words.replace(explained, '')
}

/** The statements of a block; of others, the statement alone. */
const partsOf = (words: string, dialect: SqlDialect): string[] =>
  isBlock(words, dialect) ? words.split(/;|\b(?:atomic|then|else|do|loop|repeat)\b/) : [words]

/** The text outside all parentheses, then that of each pair of them; what is deeper stands for a space. */
function levels(words: string): string[] {
  const open = ['']
  const closed: string[] = []
  for (const char of words) {
    if (char === '(') open.push('')
    else if (char === ')' && open.length > 1) {
      closed.push(open.pop() ?? '')
      open[open.length - 1] += ' '
    } else open[open.length - 1] += char
  }
  return [open.join(' '), ...closed]
}

/** An UPDATE or DELETE, also one inside WITH, and whether it has a WHERE of its own. */
function changeOf(first: string, words: string): { word: string; where: boolean } | undefined {
  if (first !== 'update' && first !== 'delete' && first !== 'with') return undefined
  const [outside = '', ...inside] = levels(words.replace(/\bfor\s+(no\s+key\s+)?update\b/g, ''))
  const found = [
    /\b(update|delete)\b(?!\s*(?:set|skip|of|nowait)\b)(.*)/s.exec(outside),
    ...inside.map((text) => /^\s*(update|delete)\b(.*)/s.exec(text)),
  ].filter((match) => match !== null)
  const bare = found.find(([, , rest = '']) => !/\bwhere\b/.test(rest))
  const [, word] = bare ?? found[0] ?? []
  return word === undefined ? undefined : { word, where: bare === undefined }
}

/** Whether a statement that begins with WITH inserts, or the like. */
function addsRows(words: string): boolean {
  const [outside = '', ...inside] = levels(words)
  return (
    /\b(insert|merge|replace)\s+into\b/.test(outside) ||
    inside.some((text) => /^\s*(insert|merge|replace)\b/.test(text))
  )
}
