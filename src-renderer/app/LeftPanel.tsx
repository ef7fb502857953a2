import { Tabs } from '@mantine/core'
import { z } from 'zod'
import { Outline } from '../canvas/Outline.tsx'
import { Palette } from '../canvas/Palette.tsx'
import { DatabasesPanel } from '../schema/DatabasesPanel.tsx'
import { recall, remember, useSettings } from '../stores/settings.ts'
import classes from './LeftPanel.module.css'

const looks = z.enum(['palette', 'outline', 'databases']).catch('palette')

/** Left of the canvas: what can be added, what is there, and tables to be dragged from. */
export function LeftPanel({ document }: { document: string }) {
  const tab = looks.parse(useSettings(() => recall('left.tab')))
  return (
    <Tabs className={classes.tabs} value={tab} onChange={(chosen) => remember('left.tab', chosen)} keepMounted={false}>
      <Tabs.List grow aria-label="Left panel">
        <Tabs.Tab value="palette">Nodes</Tabs.Tab>
        <Tabs.Tab value="outline">Outline</Tabs.Tab>
        <Tabs.Tab value="databases">Databases</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="palette" className={classes.panel}>
        <Palette document={document} />
      </Tabs.Panel>
      <Tabs.Panel value="outline" className={classes.panel}>
        <Outline document={document} />
      </Tabs.Panel>
      <Tabs.Panel value="databases" className={classes.panel}>
        <DatabasesPanel document={document} />
      </Tabs.Panel>
    </Tabs>
  )
}
