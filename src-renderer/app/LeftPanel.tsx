import { Tabs } from '@mantine/core'
import { Outline } from '../canvas/Outline.tsx'
import { Palette } from '../canvas/Palette.tsx'
import { recall, remember, useSettings } from '../stores/settings.ts'
import classes from './LeftPanel.module.css'

/** Left of the canvas: what can be added, and what is there. */
export function LeftPanel({ document }: { document: string }) {
  const tab = useSettings(() => (recall('left.tab') === 'outline' ? 'outline' : 'palette'))
  return (
    <Tabs className={classes.tabs} value={tab} onChange={(chosen) => remember('left.tab', chosen)} keepMounted={false}>
      <Tabs.List grow aria-label="Left panel">
        <Tabs.Tab value="palette">Nodes</Tabs.Tab>
        <Tabs.Tab value="outline">Outline</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="palette" className={classes.panel}>
        <Palette document={document} />
      </Tabs.Panel>
      <Tabs.Panel value="outline" className={classes.panel}>
        <Outline document={document} />
      </Tabs.Panel>
    </Tabs>
  )
}
