import { z } from 'zod'
import { create } from 'zustand'
import { recall, remember } from './settings.ts'

export const screens = ['pipelines', 'query', 'connections', 'runs', 'settings'] as const
export type Screen = (typeof screens)[number]

export const panels = ['rows', 'profile', 'sql', 'log', 'lineage'] as const
export type Panel = (typeof panels)[number]

interface WindowState {
  screen: Screen
  /** The open tab of the panel below the canvas. */
  panel: Panel
  /** Whether each region is shown. */
  regions: { left: boolean; right: boolean; bottom: boolean }
  /** Too narrow for regions at both sides of the middle: one at a time is shown, and which ones a wide window has is left alone. */
  narrow: boolean
  /** Width or height of each region, in pixels. */
  sizes: { left: number; right: number; bottom: number }
  /** The dialog that is open. */
  dialog: { kind: string; document?: string } | null
}
export type Region = keyof WindowState['regions']

/** Sizes of regions until the user drags their borders, and again when a border is double-clicked. */
export const defaultSizes: WindowState['sizes'] = { left: 208, right: 320, bottom: 264 }
const allShown: WindowState['regions'] = { left: true, right: true, bottom: true }

/** What the window shows, apart from documents. */
export const useWindow = create<WindowState>()(() => ({
  screen: 'pipelines',
  panel: 'rows',
  regions: allShown,
  narrow: false,
  sizes: defaultSizes,
  dialog: null,
}))

const flags = z.object({ left: z.boolean(), right: z.boolean(), bottom: z.boolean() }).catch(allShown)
const pixels = z.object({ left: z.number(), right: z.number(), bottom: z.number() }).catch(defaultSizes)

/** Brings back regions as they were, as far as there is room; once, after the settings are there. */
export function restoreWindow(): void {
  useWindow.setState({ regions: wideRegions(), sizes: pixels.parse(recall('window.sizes')) })
  const narrow = matchMedia('(max-width: 900px)')
  const adapt = () =>
    useWindow.setState({
      narrow: narrow.matches,
      regions: narrow.matches ? { left: false, right: false, bottom: true } : wideRegions(),
    })
  if (narrow.matches) adapt()
  narrow.addEventListener('change', adapt)
}

const wideRegions = () => flags.parse(recall('window.regions'))

export const goTo = (screen: Screen) => useWindow.setState({ screen })

export function showPanel(panel: Panel): void {
  useWindow.setState({ panel })
  showRegion('bottom', true)
}

export function showRegion(region: Region, shown: boolean): void {
  const { regions, narrow } = useWindow.getState()
  if (regions[region] === shown) return
  const next = { ...regions, [region]: shown }
  if (narrow) {
    if (shown && region !== 'bottom') next[region === 'left' ? 'right' : 'left'] = false
    useWindow.setState({ regions: next })
    return
  }
  useWindow.setState({ regions: next })
  remember('window.regions', next)
}

export const toggleRegion = (region: Region): void => showRegion(region, !useWindow.getState().regions[region])

export function resizeRegion(region: Region, size: number): void {
  const { sizes } = useWindow.getState()
  if (sizes[region] === size) return
  const next = { ...sizes, [region]: size }
  useWindow.setState({ sizes: next })
  remember('window.sizes', next)
}

export const openDialog = (kind: string, document?: string) =>
  useWindow.setState({ dialog: { kind, ...(document === undefined ? {} : { document }) } })
export const closeDialog = () => useWindow.setState({ dialog: null })
