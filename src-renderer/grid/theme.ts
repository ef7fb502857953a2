import { themeQuartz } from 'ag-grid-community'
import type { Settings } from '../../shared/contract/settings.ts'

const base = themeQuartz.withParams({
  accentColor: 'var(--mantine-primary-color-filled)',
  backgroundColor: 'var(--surface-0)',
  foregroundColor: 'var(--text)',
  textColor: 'var(--text)',
  borderColor: 'var(--hairline)',
  headerBackgroundColor: 'var(--surface-1)',
  headerTextColor: 'var(--text)',
  headerFontWeight: 500,
  chromeBackgroundColor: 'var(--surface-1)',
  rowHoverColor: 'transparent',
  rowBorder: { width: 1, color: 'color-mix(in srgb, var(--hairline) 55%, transparent)' },
  columnBorder: { width: 1, color: 'color-mix(in srgb, var(--hairline) 55%, transparent)' },
  headerColumnBorder: { width: 1, color: 'var(--hairline)' },
  headerColumnResizeHandleWidth: 0,
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  borderRadius: 0,
  fontFamily: 'inherit',
  fontSize: 13,
  headerFontSize: 13,
  cellHorizontalPadding: 8,
  iconColor: 'var(--text-dim)',
  focusShadow: 'none',
  rangeSelectionBorderColor: 'var(--mantine-primary-color-filled)',
})

const heights = {
  compact: { rowHeight: 26, headerHeight: 28 },
  comfortable: { rowHeight: 32, headerHeight: 34 },
}

const themes: Record<Settings['density'], typeof base> = {
  compact: base.withParams({ ...heights.compact, spacing: 4 }),
  comfortable: base.withParams({ ...heights.comfortable, spacing: 6 }),
}

export const gridTheme = (density: Settings['density']): typeof base => themes[density]

/** The theme with its heights in pixels said once more: else the grid measures them, and may have drawn rows before it has. */
export const gridLooks = (density: Settings['density']) => ({ theme: gridTheme(density), ...heights[density] })
