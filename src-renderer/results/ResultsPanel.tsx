import { Tabs } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useDocuments } from '../stores/documents.ts'
import { useTracing } from '../stores/lineage.ts'
import { panels, useWindow } from '../stores/window.ts'
import { LineagePanel } from './LineagePanel.tsx'
import { LogPanel } from './LogPanel.tsx'
import { OutputPicker } from './OutputPicker.tsx'
import { ProfilePanel } from './ProfilePanel.tsx'
import { RowsPanel } from './RowsPanel.tsx'
import classes from './results.module.css'
import { SqlPanel } from './SqlPanel.tsx'

const titles = { rows: 'Rows', profile: 'Profile', sql: 'SQL', log: 'Log', lineage: 'Lineage' } as const

/** Below the canvas: rows of the picked node, their profile, the SQL, the log, the lineage. */
export function ResultsPanel({ document }: { document: string }) {
  const panel = useWindow((state) => state.panel)
  const open = useDocuments(({ documents }) => documents[document] !== undefined)
  const tabs = useRef<HTMLDivElement>(null)
  useTracing(document)
  // A key that shows another tab takes what had the focus away with the one before.
  const before = useRef(panel)
  useEffect(() => {
    if (panel !== before.current && window.document.activeElement === window.document.body)
      tabs.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus()
    before.current = panel
  }, [panel])
  if (!open) return null
  return (
    <section aria-label="Results" className={classes.panel}>
      <Tabs
        value={panel}
        onChange={(next) => useWindow.setState({ panel: panels.find((name) => name === next) ?? 'rows' })}
        className={classes.tabs}
        classNames={{ list: classes.tabList ?? '', tab: classes.tab ?? '', panel: classes.tabPanel ?? '' }}
        keepMounted={false}
      >
        <div className={classes.bar}>
          <Tabs.List ref={tabs} aria-label="Results">
            {panels.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {titles[name]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <OutputPicker document={document} />
        </div>
        <Tabs.Panel value="rows">
          <RowsPanel document={document} />
        </Tabs.Panel>
        <Tabs.Panel value="profile">
          <ProfilePanel document={document} />
        </Tabs.Panel>
        <Tabs.Panel value="sql">
          <SqlPanel document={document} />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <LogPanel document={document} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage">
          <LineagePanel document={document} />
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}
