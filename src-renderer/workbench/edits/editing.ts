import type { GridEditing } from '../../grid/editing.ts'
import { showNotice } from '../../ui/notify.ts'
import { openReview } from './apply.ts'
import { openLarge } from './large.ts'
import { discardAll } from './losing.ts'
import { addNewRow, pastePicked, removePicked, setPicked } from './range.ts'
import { countOf, redo, sheetOf, undo, useSheets } from './staged.ts'
import { EditedTable } from './table.ts'

/** What the grid and commands do with the rows of a table. */
export class TableEditing extends EditedTable implements GridEditing {
  get count(): number {
    return countOf(sheetOf(this.result).edits)
  }

  openLarge(): void {
    openLarge(this)
  }

  set(text: null | ''): void {
    void setPicked(this, text)
  }

  addRow(): void {
    addNewRow(this)
  }

  removeRows(): void {
    void removePicked(this)
  }

  paste(text: string): void {
    void pastePicked(this, text)
  }

  undo(): void {
    undo(this.result)
  }

  redo(): void {
    redo(this.result)
  }

  discard(): Promise<void> {
    return discardAll(this.result)
  }

  review(): void {
    openReview(this.result)
  }

  refuse(reason: string): void {
    showNotice(reason)
  }

  subscribe(changed: () => void): () => void {
    return useSheets.subscribe(({ sheets }, before) => {
      if (sheets[this.result] !== before.sheets[this.result]) changed()
    })
  }
}
