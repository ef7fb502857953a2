import { Canvas } from '../canvas/Canvas.tsx'
import { BrokenView } from '../files/BrokenView.tsx'
import { OutsideBanner } from '../files/OutsideBanner.tsx'
import { Inspector } from '../inspector/Inspector.tsx'
import { ResultsPanel } from '../results/ResultsPanel.tsx'
import { useDocuments } from '../stores/documents.ts'
import { LeftPanel } from './LeftPanel.tsx'
import { Regions } from './Regions.tsx'
import { Tabs } from './Tabs.tsx'
import { Toolbar } from './Toolbar.tsx'
import { Welcome } from './Welcome.tsx'

/** Tabs, and for the one in front: palette and outline, canvas, inspector, and the panel below. */
export function PipelinesScreen() {
  const active = useDocuments((state) => state.active)
  const broken = useDocuments((state) => state.broken[active ?? ''])
  return (
    <>
      <Tabs />
      {active === null ? (
        <Welcome />
      ) : broken ? (
        <BrokenView file={broken} tab={active} />
      ) : (
        <>
          <Toolbar document={active} />
          <OutsideBanner document={active} />
          <Regions
            left={<LeftPanel document={active} />}
            middle={<Canvas key={active} document={active} />}
            right={<Inspector document={active} />}
            bottom={<ResultsPanel key={active} document={active} />}
          />
        </>
      )}
    </>
  )
}
