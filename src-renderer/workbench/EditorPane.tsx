import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { parametersOf } from '../../shared/sql/statements.ts'
import { databaseNames } from '../editors/database-names.ts'
import { LazyEditor } from '../editors/LazyEditor.tsx'
import { useStable } from '../results/useStable.ts'
import { caretArrived, caretOf, keepCaret, useCaret } from './caret.ts'
import { dialectOf, isWorkspace, reachableFrom, useConnections } from './connections.ts'
import classes from './EditorPane.module.css'
import { ParamStrip } from './ParamStrip.tsx'
import { useRun } from './runs.ts'
import { changeTab, useTab } from './tabs.ts'
import { workspaceNames } from './workspace-names.ts'

/** The text of a query, with what went wrong marked in it. */
export function EditorPane({ tab: id }: { tab: string }) {
  const tab = useTab(id)
  const client = useQueryClient()
  const caret = useCaret(({ wanted }) => wanted[id])
  const mark = useMark(id)
  const dialect = dialectOf(tab?.connection ?? null, tab?.folder ?? '')
  const { connection, folder } = tab ?? { connection: null, folder: '' }
  const { connections } = useConnections()
  const reach = useMemo(() => {
    if (connection === null) return {}
    return isWorkspace(connection)
      ? workspaceNames(client, reachableFrom(connections, folder), folder)
      : databaseNames(client, connection, folder)
  }, [client, connection, connections, folder])
  if (!tab) return null
  const parameters = parametersOf(tab.sql, dialect).map((name) => ({
    name,
    type: tab.params[name]?.type ?? ('text' as const),
  }))
  return (
    <div className={classes.editorPane} data-region>
      <div className={classes.editor}>
        <LazyEditor
          key={id}
          label={`SQL of ${tab.name}`}
          language={dialect}
          value={tab.sql}
          onChange={(sql) => changeTab(id, { sql })}
          onSelect={(range) => keepCaret(id, range)}
          names={{ dialect, parameters, ...reach }}
          mark={mark}
          caret={caret}
          onCaret={() => caretArrived(id)}
          selected={caretOf(id)}
          takesLostFocus
          placeholder="select …"
          numbers
          fill
        />
      </div>
      <ParamStrip tab={tab} dialect={dialect} />
    </div>
  )
}

/** The place of the failure, until another run begins. */
function useMark(id: string): { position: number; message: string } | undefined {
  const { statements, error, running } = useRun(id)
  const failure = error ?? statements.find(({ state }) => state === 'failed')?.error
  const position = failure?.at?.position
  return useStable(running || !failure || position === undefined ? undefined : { position, message: failure.message })
}
