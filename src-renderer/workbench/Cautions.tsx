import type { Caution } from '../../shared/contract/queries.ts'
import classes from './Cautions.module.css'

/** What to think about before statements run, each with how it begins. */
export function Cautions({ cautions, connection }: { cautions: readonly Caution[]; connection: string }) {
  return (
    <div className={classes.cautions}>
      <p>
        On the connection <strong>{connection}</strong>:
      </p>
      <ul>
        {cautions.map(({ statement, sql, kind, message }) => (
          <li key={`${statement} ${kind}`}>
            {message}
            <code className={classes.cautionSql}>{beginning(sql)}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}

function beginning(sql: string): string {
  const line = sql.replace(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}
