import { Splitter } from '@mantine/core'
import { useViewportSize } from '@mantine/hooks'
import type { MouseEvent, ReactNode } from 'react'
import { defaultSizes, type Region, resizeRegion, showRegion, useWindow } from '../stores/window.ts'
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx'
import classes from './App.module.css'

interface RegionsProps {
  left: ReactNode
  middle: ReactNode
  right: ReactNode
  bottom: ReactNode
}

/** Left, middle, right, and one below the middle, with borders to drag; a border pushed to the edge hides its region, a double click resets it. */
export function Regions({ left, middle, right, bottom }: RegionsProps) {
  const { regions, sizes } = useWindow()
  const { height } = useViewportSize()
  const pixels = (region: Region): `${number}px` => (regions[region] ? `${sizes[region]}px` : '0px')
  // A low window still shows more of the canvas than of what lies below it.
  const below = regions.bottom ? Math.min(sizes.bottom, Math.round((height || sizes.bottom * 3) * 0.4)) : 0
  return (
    <Splitter
      className={classes.regions}
      orientation="horizontal"
      withHandle={false}
      lineSize={1}
      step="16px"
      shiftStep="64px"
      resetOnDoubleClick={false}
      sizes={[pixels('left'), 100, pixels('right')]}
      onSizeChange={([first, , last]) => {
        took('left', first)
        took('right', last)
      }}
      onDoubleClick={resets(['left', 'right'])}
    >
      <Splitter.Pane defaultSize={`${defaultSizes.left}px`} min="160px" max="480px" collapsible>
        {regions.left && <Side name="palette">{left}</Side>}
      </Splitter.Pane>
      <Splitter.Pane defaultSize={100} min="280px">
        <Splitter
          orientation="vertical"
          className={classes.regions}
          withHandle={false}
          lineSize={1}
          step="16px"
          shiftStep="64px"
          resetOnDoubleClick={false}
          sizes={[100, `${below}px`]}
          onSizeChange={([, size]) => took('bottom', size)}
          onDoubleClick={resets(['bottom'])}
        >
          <Splitter.Pane defaultSize={100} min="120px">
            <Side name="canvas">{middle}</Side>
          </Splitter.Pane>
          <Splitter.Pane defaultSize={`${defaultSizes.bottom}px`} min="96px" collapsible>
            {regions.bottom && <Side name="results panel">{bottom}</Side>}
          </Splitter.Pane>
        </Splitter>
      </Splitter.Pane>
      <Splitter.Pane defaultSize={`${defaultSizes.right}px`} min="240px" max="720px" collapsible>
        {regions.right && <Side name="inspector">{right}</Side>}
      </Splitter.Pane>
    </Splitter>
  )
}

function Side({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.region} data-region>
      <ErrorBoundary region={name}>{children}</ErrorBoundary>
    </div>
  )
}

function took(region: Region, size: string | number | undefined): void {
  const pixels = Math.round(Number.parseFloat(String(size)))
  showRegion(region, pixels > 0)
  if (pixels > 0) resizeRegion(region, pixels)
}

/** Resets the region beside the border that was double-clicked; borders stand in the order of `regions`. */
const resets = (regions: readonly Region[]) => (event: MouseEvent<HTMLElement>) => {
  const { target, currentTarget } = event
  if (!(target instanceof Element) || target.parentElement !== currentTarget) return
  const borders = [...currentTarget.children].filter((child) => child.role === 'separator')
  const region = regions[borders.indexOf(target)]
  if (region === undefined) return
  showRegion(region, true)
  resizeRegion(region, defaultSizes[region])
}
