import type { ICellEditorComp, ICellEditorParams } from 'ag-grid-community'
import type { CellText } from '../../shared/contract/results.ts'
import classes from './edit.module.css'
import type { GridEditing } from './editing.ts'
import type { GridRow, GridStore } from './store.ts'

interface EditorParams extends ICellEditorParams<GridRow, CellText> {
  store: GridStore
  editing: GridEditing
  place: number
}

/** A cell that is typed into. What does not fit its column is said at once, and the cell is not left with it. */
export class CellEditor implements ICellEditorComp<GridRow, CellText> {
  private readonly gui = document.createElement('div')
  private readonly input = document.createElement('input')
  private value: CellText | undefined
  private params: EditorParams | undefined

  init(params: EditorParams): void {
    const { value, eventKey, colDef, editing, place } = params
    const { gui, input } = this
    const empty = editing.takesEmpty(place)
    this.params = params
    input.className = classes.input ?? ''
    input.setAttribute('aria-label', colDef.headerName ?? '')
    input.addEventListener('input', () => this.put(input.value === '' && !empty ? null : input.value))
    input.addEventListener('keydown', (event) => {
      const erases = event.key === 'Backspace' || event.key === 'Delete'
      if (!erases || !empty || (this.value ?? '') !== '') return
      event.preventDefault()
      this.put(this.value === '' ? null : '')
    })
    gui.className = classes.editor ?? ''
    gui.append(input)
    const choices = editing.choices(place)
    if (choices) gui.append(listFor(input, choices))
    this.put(beginning(value, eventKey, empty))
  }

  getGui(): HTMLElement {
    return this.gui
  }

  /** Before anything else can happen: the next key is for the editor already. */
  afterGuiAttached(): void {
    this.input.focus()
    this.say()
  }

  getValue(): CellText | undefined {
    return this.value
  }

  getValidationErrors(): string[] | null {
    const problem = this.problem()
    return problem === undefined ? null : [problem]
  }

  destroy(): void {
    const { store } = this.params ?? {}
    // The next cell may be typed into already.
    if (store?.getState().hint?.at === this.input) store.setState({ hint: undefined })
  }

  private put(value: CellText | undefined): void {
    const { input } = this
    this.value = value
    if (input.value !== (value ?? '')) input.value = value ?? ''
    if (input.isConnected) this.say()
  }

  private problem(): string | undefined {
    if (!this.params || this.value === undefined) return undefined
    const { data, editing, place } = this.params
    return editing.problem(data, place, this.value)
  }

  /** Shows what is wrong with the value, or which of the two empty ones it is. */
  private say(): void {
    if (!this.params) return
    const { input, value } = this
    const { store, editing, place } = this.params
    const problem = this.problem()
    const blank = editing.takesEmpty(place) && (value ?? '') === ''
    const text = problem ?? (blank ? hintOf(value) : undefined)
    input.placeholder = value === '' ? 'empty text' : value === undefined ? editing.blank(place) : 'NULL'
    input.setAttribute('aria-invalid', String(problem !== undefined))
    input.setAttribute('aria-description', text ?? '')
    store.setState({ hint: text === undefined ? undefined : { at: input, text, bad: problem !== undefined } })
  }
}

const hintOf = (value: CellText | undefined) =>
  value === '' ? 'Empty text. Backspace makes it NULL.' : 'NULL. Backspace makes it an empty text.'

/** Values to choose from while something is typed into an input. */
function listFor(input: HTMLInputElement, choices: readonly string[]): HTMLElement {
  const list = document.createElement('datalist')
  list.id = `choices-${crypto.randomUUID()}`
  list.append(...choices.map((choice) => new Option(choice, choice)))
  input.setAttribute('list', list.id)
  return list
}

/** What an editor begins with: a key that was typed takes the place of what was there. */
function beginning(value: CellText | undefined, key: string | null, empty: boolean): CellText | undefined {
  if (key === 'Backspace') return empty ? '' : null
  return key !== null && [...key].length === 1 ? key : value
}
