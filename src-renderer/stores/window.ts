import { create } from 'zustand'

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
  /** The dialog that is open. */
  dialog: { kind: string; document?: string } | null
}

/** What the window shows, apart from documents. */
export const useWindow = create<WindowState>()(() => ({
  screen: 'pipelines',
  panel: 'rows',
  regions: { left: true, right: true, bottom: true },
  dialog: null,
}))

export const goTo = (screen: Screen) => useWindow.setState({ screen })

export function showPanel(panel: Panel): void {
  useWindow.setState(({ regions }) => ({ panel, regions: { ...regions, bottom: true } }))
}

export function toggleRegion(region: keyof WindowState['regions']): void {
  useWindow.setState(({ regions }) => ({ regions: { ...regions, [region]: !regions[region] } }))
}

export const openDialog = (kind: string, document?: string) =>
  useWindow.setState({ dialog: { kind, ...(document === undefined ? {} : { document }) } })
export const closeDialog = () => useWindow.setState({ dialog: null })
