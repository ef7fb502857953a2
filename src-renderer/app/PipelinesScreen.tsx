import { Splitter } from '@mantine/core'
import { Canvas } from '../canvas/Canvas.tsx'
import { Inspector } from '../inspector/Inspector.tsx'
import { ResultsPanel } from '../results/ResultsPanel.tsx'
import { useDocuments } from '../stores/documents.ts'
import { useWindow } from '../stores/window.ts'
import classes from './App.module.css'
import { LeftPanel } from './LeftPanel.tsx'
import { Tabs } from './Tabs.tsx'
import { Toolbar } from './Toolbar.tsx'
import { Welcome } from './Welcome.tsx'

/** Tabs, and for the one in front: palette and outline, canvas, inspector, and the panel below. */
export function PipelinesScreen() {
  const active = useDocuments((state) => state.active)
  const { left, right, bottom } = useWindow(({ regions }) => regions)
  return (
    <>
      <Tabs />
      {active === null ? (
        <Welcome />
      ) : (
        <>
          <Toolbar document={active} />
          <Splitter className={classes.regions} orientation="horizontal" withHandle={false} lineSize={1}>
            {left && (
              <Splitter.Pane defaultSize="220px" min="160px">
                <div className={classes.region}>
                  <LeftPanel document={active} />
                </div>
              </Splitter.Pane>
            )}
            <Splitter.Pane defaultSize={60} min="320px">
              <Splitter orientation="vertical" withHandle={false} lineSize={1} h="100%">
                <Splitter.Pane defaultSize={60} min="120px">
                  <div className={classes.region}>
                    <Canvas key={active} document={active} />
                  </div>
                </Splitter.Pane>
                {bottom && (
                  <Splitter.Pane defaultSize={40} min="80px">
                    <div className={classes.region}>
                      <ResultsPanel key={active} document={active} />
                    </div>
                  </Splitter.Pane>
                )}
              </Splitter>
            </Splitter.Pane>
            {right && (
              <Splitter.Pane defaultSize="320px" min="240px">
                <div className={classes.region}>
                  <Inspector document={active} />
                </div>
              </Splitter.Pane>
            )}
          </Splitter>
        </>
      )}
    </>
  )
}
