import { IconAlertCircle, IconCircleCheck, IconLoader2, IconPlayerStop } from '@tabler/icons-react'
import type { ErrorReport } from '../../shared/errors.ts'
import { formatCount, formatDuration, formatRows } from '../ui/format.ts'
import { putCaret } from './caret.ts'
import classes from './Messages.module.css'
import { type StatementRun, useRun } from './runs.ts'
import shared from './workbench.module.css'

const icons = { running: IconLoader2, done: IconCircleCheck, failed: IconAlertCircle, stopped: IconPlayerStop }

/** What became of each statement, in words. */
export function Messages({ tab }: { tab: string }) {
  const { statements, error } = useRun(tab)
  return (
    <ol className={classes.messages} aria-label="Messages">
      {error && (
        <li className={classes.message} data-state="failed">
          <IconAlertCircle size={16} stroke={1.5} aria-hidden />
          <Failure tab={tab} error={error} />
        </li>
      )}
      {statements.map((statement) => (
        <Message key={statement.number} tab={tab} statement={statement} />
      ))}
    </ol>
  )
}

function Message({ tab, statement }: { tab: string; statement: StatementRun }) {
  const { state, sql, position, error, notices } = statement
  const Shape = icons[state]
  return (
    <li className={classes.message} data-state={state}>
      <Shape size={16} stroke={1.5} aria-label={state} />
      <div>
        <button type="button" className={classes.messageSql} onClick={() => putCaret(tab, position)}>
          {sql.slice(0, 300).replace(/\s+/g, ' ')}
        </button>
        {notices.length > 0 && <Notices notices={notices} />}
        {error && state === 'failed' ? (
          <Failure tab={tab} error={error} />
        ) : (
          <div>
            {outcome(statement)}
            {statement.note !== undefined && <div className={shared.dim}>{statement.note}</div>}
          </div>
        )}
      </div>
    </li>
  )
}

/** What the database said while the statement ran. */
function Notices({ notices }: Pick<StatementRun, 'notices'>) {
  return (
    <ul className={classes.notices} aria-label="Notices">
      {notices.map(({ severity, message, hint }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are only ever added at the end
        <li key={index} data-severity={severity}>
          {severity === 'warning' ? 'Warning' : 'Notice'}: {message}
          {hint !== undefined && <span className={shared.dim}> {hint}</span>}
        </li>
      ))}
    </ul>
  )
}

function Failure({ tab, error }: { tab: string; error: ErrorReport }) {
  const { message, hint, at, sqlState } = error
  const position = at?.position
  return (
    <div role="alert">
      <div>
        {message}
        {sqlState !== undefined && <span className={shared.dim}> {sqlState}</span>}
      </div>
      {hint !== undefined && <div className={shared.dim}>{hint}</div>}
      {position !== undefined && (
        <button type="button" className={shared.link} onClick={() => putCaret(tab, position)}>
          Show where
        </button>
      )}
    </div>
  )
}

/** What a statement did, in one line. */
export function outcome({ state, rows, affected, ms }: StatementRun): string {
  if (state === 'running') return rows === null ? 'Running…' : `Running… ${formatRows(rows)} so far`
  if (state === 'stopped') return `Stopped after ${formatDuration(ms)}.`
  const did = [
    ...(affected === null ? [] : [`${formatCount(affected)} ${affected === 1 ? 'row' : 'rows'} changed`]),
    ...(rows === null ? [] : [formatRows(rows)]),
  ]
  return `${did.length === 0 ? 'Done' : did.join(', ')} in ${formatDuration(ms)}.`
}
