import type { IHeaderComp, IHeaderParams } from 'ag-grid-community'
import type { StoreApi } from 'zustand'
import type { ColumnType } from '../../shared/data/types.ts'
import type { GridActions } from './actions.ts'
import { shortType } from './format.ts'
import classes from './grid.module.css'
import type { GridStore } from './store.ts'

interface HeaderParams extends IHeaderParams {
  type: ColumnType
  store: GridStore
  actions: StoreApi<GridActions>
}

/**
 * Name and type of a column; a click sorts by it, with Shift after other columns. Its menu holds the rest.
 * Made without React, as all of the grid's inside: a grid is there as soon as there are rows.
 */
export class HeaderCell implements IHeaderComp {
  private readonly gui = element('div', classes.header)
  private readonly sorted = element('span', classes.headerSort)
  private forget = (): void => undefined

  init({ displayName, column, eGridHeader, type, store, actions }: HeaderParams): void {
    const name = element('button', classes.headerButton)
    name.title = `${displayName} · ${shortType(type)}`
    name.append(
      element('span', classes.headerName, displayName),
      element('span', classes.headerType, shortType(type)),
      this.sorted,
    )
    name.addEventListener('click', ({ shiftKey }) => actions.getState().onSort(displayName, shiftKey))

    const menu = element('button', classes.headerMenu)
    menu.setAttribute('aria-label', `Menu of ${displayName}`)
    menu.setAttribute('aria-haspopup', 'menu')
    menu.addEventListener('click', () => store.setState({ menu: { column: column.getColId(), button: menu } }))

    for (const button of [name, menu]) {
      button.type = 'button'
      button.tabIndex = -1
    }
    this.gui.append(name, menu)
    const show = () => this.showSort(displayName, eGridHeader, actions.getState())
    show()
    this.forget = actions.subscribe(show)
  }

  private showSort(name: string, header: HTMLElement, { sort }: GridActions): void {
    const place = sort.findIndex(({ column }) => column === name)
    const direction = sort[place]?.direction
    header.setAttribute('aria-sort', direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none')
    this.sorted.dataset.direction = direction ?? ''
    this.sorted.textContent = direction && sort.length > 1 ? String(place + 1) : ''
  }

  getGui(): HTMLElement {
    return this.gui
  }

  /** Another column, or another type, is another header. */
  refresh(): boolean {
    return false
  }

  destroy(): void {
    this.forget()
  }
}

function element<Tag extends 'div' | 'span' | 'button'>(tag: Tag, name: string | undefined, text = '') {
  const made = document.createElement(tag)
  made.className = name ?? ''
  made.textContent = text
  return made
}
