import {
  acceptCompletion,
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentLess, insertTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { EditorState, type Extension, Prec } from '@codemirror/state'
import {
  drawSelection,
  dropCursor,
  EditorView,
  type KeyBinding,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
} from '@codemirror/view'
import { editorTheme } from './theme.ts'

export interface Setup {
  placeholder?: string
  numbers: boolean
  complete: CompletionSource
  /** Undo of whoever holds the text; the editor's own when absent. */
  outside?: { undo(): void; redo(): void }
}

const does = (action: () => void) => () => {
  action()
  return true
}

/** Keys that commands of the window have: Run and Save work while typing. */
const leftAlone = new Set(['Mod-Enter', 'Mod-s'])

function undoing(outside: Setup['outside']): Extension {
  if (!outside) return [history(), keymap.of(historyKeymap)]
  const undo = does(outside.undo)
  const redo = does(outside.redo)
  const keys: KeyBinding[] = [
    { key: 'Mod-z', run: undo, preventDefault: true },
    { key: 'Mod-y', run: redo, preventDefault: true },
    { key: 'Mod-Shift-z', run: redo, preventDefault: true },
  ]
  return keymap.of(keys)
}

/** Whoever runs what is written wants no more names for it, and Escape is to stop the run then. */
const endOfTyping: KeyBinding = {
  any(view, { key, ctrlKey, metaKey }) {
    if (key === 'F5' || (key === 'Enter' && (ctrlKey || metaKey))) closeCompletion(view)
    return false
  },
}

/** Names that are found once the focus is elsewhere, as in a dialog, would lie over it. */
const namesWithFocusOnly = EditorView.updateListener.of(({ view }) => {
  if (!view.hasFocus && completionStatus(view.state) !== null) closeCompletion(view)
})

/** What is dropped in has the caret behind it: were it selected, Run would take it for all there is to run. */
const caretAfterDrop = EditorState.transactionFilter.of((change) =>
  change.isUserEvent('input.drop') && change.selection
    ? [change, { selection: { anchor: change.selection.main.to }, sequential: true }]
    : change,
)

/**
 * What is typed over a selection is put there by the editor: browsers take away a long line word by word, for a minute where a statement of many
 * columns stands in one line.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput({ inputType, data, isComposing }, view) {
    const { selection } = view.state
    const { from, to, empty } = selection.main
    if (inputType !== 'insertText' || data === null || isComposing || empty || selection.ranges.length > 1) return false
    const insert = () =>
      view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true })
    const handled = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert))
    if (!handled) view.dispatch(insert())
    return true
  },
})

/** What every editor has, whatever its language. */
export function basics(setup: Setup): Extension {
  return [
    undoing(setup.outside),
    drawSelection(),
    dropCursor(),
    caretAfterDrop,
    typeOver,
    indentUnit.of('  '),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    EditorView.lineWrapping,
    autocompletion({ override: [setup.complete], maxRenderedOptions: 100, icons: false }),
    namesWithFocusOnly,
    tooltips({ position: 'fixed', parent: document.body }),
    Prec.high(
      keymap.of([
        endOfTyping,
        { key: 'Tab', run: acceptCompletion },
        { key: 'Tab', run: insertTab, shift: indentLess },
      ]),
    ),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...defaultKeymap.filter(({ key }) => key === undefined || !leftAlone.has(key)),
    ]),
    setup.numbers ? lineNumbers() : [],
    setup.placeholder === undefined ? [] : placeholder(setup.placeholder),
    editorTheme,
  ]
}
