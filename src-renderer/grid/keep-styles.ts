import { createGrid, type GridApi } from 'ag-grid-community'
import type { Settings } from '../../shared/contract/settings.ts'
import { gridTheme } from './theme.ts'

let kept: GridApi | undefined

/**
 * Keeps the grid's styles in the document while no result is shown: they go with the last grid, and with the first one after it the
 * browser would reckon the styles of the whole page anew, several times over. So one stays, outside of the document.
 */
export function keepStyles(density: Settings['density']): void {
  const theme = gridTheme(density)
  kept ??= createGrid(document.createElement('div'), { theme, rowModelType: 'infinite', columnDefs: [] })
  kept.setGridOption('theme', theme)
}
