import { PostgreSQL } from '@codemirror/lang-sql'
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight'
import { type ReactNode, useMemo } from 'react'
import classes from './results.module.css'
import sqlClasses from './sql.module.css'

const styles = tagHighlighter([
  { tag: tags.keyword, class: sqlClasses.sqlKeyword ?? '' },
  { tag: [tags.string, tags.special(tags.string)], class: sqlClasses.sqlString ?? '' },
  { tag: [tags.number, tags.bool, tags.null], class: sqlClasses.sqlNumber ?? '' },
  { tag: tags.comment, class: classes.dim ?? '' },
])

/** SQL to be read, its words told apart. */
export default function SqlText({ sql }: { sql: string }) {
  const parts = useMemo(() => {
    const made: ReactNode[] = []
    const put = (text: string, style: string) =>
      made.push(
        <span key={made.length} className={style}>
          {text}
        </span>,
      )
    highlightCode(sql, PostgreSQL.language.parser.parse(sql), styles, put, () => made.push('\n'))
    return made
  }, [sql])
  return <pre>{parts}</pre>
}
