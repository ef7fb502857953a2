import { Splitter } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { lazy, Suspense, useEffect } from 'react'
import { z } from 'zod'
import shell from '../app/App.module.css'
import { newQuery } from '../commands/query.ts'
import { preloadGrid } from '../results/RowsView.tsx'
import { useProgram } from '../stores/program.ts'
import { recall, remember } from '../stores/settings.ts'
import { CommandButton } from '../ui/CommandButton.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx'
import { refreshState } from './actions.ts'
import { ConnectionGone } from './ConnectionGone.tsx'
import { connectionOf, useConnections } from './connections.ts'
import { EditorPane } from './EditorPane.tsx'
import { QueryTabs } from './QueryTabs.tsx'
import { QueryToolbar } from './QueryToolbar.tsx'
import { ResultsPane } from './ResultsPane.tsx'
import { SidePane } from './SidePane.tsx'
import { TransactionBar } from './TransactionBar.tsx'
import { changeTab, type QueryTab, restoreTabs, useTab, useTabs } from './tabs.ts'
import classes from './workbench.module.css'

const DiagramPane = lazy(() => import('../schema/diagram/DiagramPane.tsx'))

/** Ad-hoc SQL on saved connections. */
export default function QueryScreen() {
  const home = useProgram(({ info }) => info?.home ?? null)
  useEffect(() => {
    if (home !== null) restoreTabs(home)
  }, [home])
  useEffect(preloadGrid, [])
  const active = useTabs((state) => state.active)
  useFirstConnection(active)
  return (
    <>
      <h1 className={classes.hidden}>Query</h1>
      <QueryTabs />
      {active === null ? <NoTabs /> : <Workbench key={active} tab={active} />}
    </>
  )
}

function NoTabs() {
  return (
    <Empty icon={IconTerminal2} title="No query is open" description="Open one to write SQL.">
      <CommandButton command={newQuery} />
    </Empty>
  )
}

const sizes = z.object({ side: z.number(), editor: z.number() }).catch({ side: 232, editor: 240 })
const key = 'query.sizes'
const keep = (change: Partial<z.infer<typeof sizes>>) => remember(key, { ...sizes.parse(recall(key)), ...change })

function Workbench({ tab: id }: { tab: string }) {
  useEffect(() => void refreshState(id), [id])
  const tab = useTab(id)
  useConnections()
  const { side } = sizes.parse(recall(key))
  const environment = connectionOf(tab?.connection ?? null, tab?.folder ?? '')?.environment
  return (
    <div className={classes.workbench} data-environment={environment}>
      {environment === 'production' && (
        <div className={classes.production} role="note">
          Production: statements change live data.
        </div>
      )}
      <Splitter
        className={shell.regions}
        orientation="horizontal"
        withHandle={false}
        lineSize={1}
        step="16px"
        onSizeChange={([first]) => keep({ side: Math.round(Number.parseFloat(String(first))) })}
      >
        <Splitter.Pane defaultSize={`${side}px`} min="160px" max="480px">
          <ErrorBoundary region="side pane">
            <SidePane tab={id} />
          </ErrorBoundary>
        </Splitter.Pane>
        <Splitter.Pane defaultSize={100} min="320px">
          {tab?.diagram ? <TabDiagram tab={tab} /> : <EditorAndResults tab={id} />}
        </Splitter.Pane>
      </Splitter>
    </div>
  )
}

/** The text above, what it gave below. */
function EditorAndResults({ tab: id }: { tab: string }) {
  const tab = useTab(id)
  const { editor } = sizes.parse(recall(key))
  return (
    <Splitter
      className={shell.regions}
      orientation="vertical"
      withHandle={false}
      lineSize={1}
      step="16px"
      onSizeChange={([first]) => keep({ editor: Math.round(Number.parseFloat(String(first))) })}
    >
      <Splitter.Pane defaultSize={`${editor}px`} min="120px">
        <div className={classes.upper}>
          <QueryToolbar tab={id} />
          <TransactionBar tab={id} />
          {tab && <ConnectionGone tab={tab} />}
          <EditorPane tab={id} />
        </div>
      </Splitter.Pane>
      <Splitter.Pane defaultSize={100} min="120px">
        <ErrorBoundary region="results">
          <ResultsPane key={id} tab={id} />
        </ErrorBoundary>
      </Splitter.Pane>
    </Splitter>
  )
}

function TabDiagram({ tab }: { tab: QueryTab }) {
  const { id, connection, folder, diagram } = tab
  const found = connectionOf(connection, folder)
  if (!found || !diagram) return <ConnectionGone tab={tab} />
  const { name, folder: from, dialect } = found
  return (
    <ErrorBoundary region="diagram">
      <Suspense>
        <DiagramPane
          database={{ connection: name, folder: from, dialect }}
          asked={diagram}
          onSchema={(schema) => changeTab(id, { diagram: { schema, table: null } })}
        />
      </Suspense>
    </ErrorBoundary>
  )
}

/** A tab without a connection takes the first; one to production only where there is no other. */
function useFirstConnection(active: string | null): void {
  const tab = useTab(active ?? '')
  const { connections } = useConnections()
  const first = connections.find(({ environment }) => environment !== 'production') ?? connections[0]
  useEffect(() => {
    if (tab && tab.connection === null && first) changeTab(tab.id, { connection: first.name, folder: first.folder })
  }, [tab, first])
}
