import { type CompletionContext, type CompletionResult, closeCompletion } from '@codemirror/autocomplete'
import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { sql } from '@codemirror/lang-sql'
import { setDiagnostics } from '@codemirror/lint'
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { Parameter } from '../../shared/pipeline/schema.ts'
import { isFocusLost } from '../ui/focus.ts'
import classes from './CodeEditor.module.css'
import { completeSql, type SqlNames } from './complete.ts'
import { completeTemplate } from './complete-template.ts'
import { sqlDialects } from './dialects.ts'
import { heightOf } from './height.ts'
import type { EditorDialect } from './names.ts'
import { basics } from './setup.ts'

export type EditorLanguage = EditorDialect | 'javascript' | 'json'

export interface CodeEditorProps {
  /** Its name for those who cannot see it. */
  label: string
  language: EditorLanguage
  value: string
  onChange(text: string): void
  /** The user left the editor, or asked for something that needs the text now. */
  onSettle?(): void
  /** Names to complete; asked whenever the user types. */
  names?: SqlNames
  /** Parameters to offer once `{{` is typed. */
  templates?: readonly Parameter[] | undefined
  /** Told where the caret is, and what is selected, whenever that changes. */
  onSelect?(range: { from: number; to: number }): void
  /** What is wrong, and where in the text. */
  mark?: { position: number; message: string } | undefined
  /** Takes the focus as it comes, in a dialog too. */
  autoFocus?: boolean
  /** Takes the focus and puts the caret there, once for each object. */
  caret?: { position: number } | undefined
  /** What is selected when it appears; the caret is before the text otherwise. */
  selected?: { from: number; to: number }
  /** Takes the focus when it appears in place of what had it. */
  takesLostFocus?: boolean
  /** The caret is where it was wanted. */
  onCaret?(): void
  undo?: { undo(): void; redo(): void }
  placeholder?: string
  /** Lines it is high at least. */
  lines?: number
  numbers?: boolean
  /** Fills the box around it. */
  fill?: boolean
  invalid?: boolean
  describedBy?: string | undefined
}

const fromOutside = Annotation.define<boolean>()

/** A text editor for code. The text may change from outside at any time; Esc, then Tab leaves it. */
export default function CodeEditor(props: CodeEditorProps) {
  const {
    label,
    language,
    value,
    mark,
    caret,
    lines = 1,
    fill,
    autoFocus = false,
    invalid = false,
    describedBy,
  } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  const varying = useRef({ language: new Compartment(), attributes: new Compartment() })

  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    if (!host.current) return
    const { placeholder, numbers = false, undo, selected, autoFocus, takesLostFocus } = latest.current
    const end = latest.current.value.length
    const { language: languages, attributes } = varying.current
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        ...(selected && { selection: { anchor: Math.min(selected.from, end), head: Math.min(selected.to, end) } }),
        extensions: [
          languages.of(languageOf(latest.current.language)),
          attributes.of([]),
          basics({
            numbers,
            ...(placeholder !== undefined && { placeholder }),
            ...(undo && {
              outside: { undo: () => latest.current.undo?.undo(), redo: () => latest.current.undo?.redo() },
            }),
            complete: (context) => complete(context, latest.current),
          }),
          EditorView.updateListener.of(({ docChanged, selectionSet, transactions, state }) => {
            const { from, to } = state.selection.main
            if (docChanged || selectionSet) latest.current.onSelect?.({ from, to })
            const own = !transactions.some((transaction) => transaction.annotation(fromOutside))
            if (docChanged && own) latest.current.onChange(state.doc.toString())
          }),
          EditorView.domEventHandlers({
            keydown: (event, editor) => {
              if ((event.ctrlKey || event.metaKey) && /^(Enter|e)$/i.test(event.key)) closeCompletion(editor)
              if (event.ctrlKey || event.metaKey || event.key.startsWith('F')) latest.current.onSettle?.()
              return false
            },
            dragover: (event) => {
              // A browser may refuse a drop on text that has a selection.
              if (event.dataTransfer?.types.includes('text/plain')) event.preventDefault()
              return false
            },
            blur: () => latest.current.onSettle?.(),
          }),
        ],
      }),
    })
    view.current = made
    if (autoFocus || (takesLostFocus && isFocusLost())) made.focus()
    return () => {
      view.current = null
      made.destroy()
    }
  }, [])

  useEffect(() => {
    view.current?.dispatch({ effects: varying.current.language.reconfigure(languageOf(language)) })
  }, [language])

  useEffect(() => {
    const content = EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-description': 'Tab indents. Press Escape and then Tab to leave.',
      'aria-invalid': String(invalid),
      spellcheck: 'false',
      ...(autoFocus && { 'data-autofocus': '' }),
      ...(describedBy !== undefined && { 'aria-describedby': describedBy }),
    })
    view.current?.dispatch({ effects: varying.current.attributes.reconfigure(content) })
  }, [label, autoFocus, invalid, describedBy])

  useEffect(() => {
    const editor = view.current
    const before = editor?.state.doc.toString()
    if (!editor || before === undefined || before === value) return
    editor.dispatch({ changes: difference(before, value), annotations: fromOutside.of(true) })
  }, [value])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const position = mark && Math.min(mark.position, editor.state.doc.length)
    const range = position === undefined ? undefined : (editor.state.wordAt(position) ?? around(editor.state, position))
    const marks =
      mark && range ? [{ from: range.from, to: range.to, severity: 'error' as const, message: mark.message }] : []
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [mark])

  useEffect(() => {
    const editor = view.current
    if (!editor || !caret) return
    editor.focus()
    const anchor = Math.min(caret.position, editor.state.doc.length)
    editor.dispatch({ selection: { anchor }, scrollIntoView: true })
    latest.current.onCaret?.()
  }, [caret])

  return (
    <div
      ref={host}
      className={classes.editor}
      data-code-editor
      data-invalid={invalid || undefined}
      data-fill={fill || undefined}
      {...(!fill && { style: { minHeight: heightOf(lines) } })}
    />
  )
}

function complete(
  context: CompletionContext,
  { names, templates }: CodeEditorProps,
): Promise<CompletionResult | null> | CompletionResult | null {
  if (templates) return completeTemplate(context, templates)
  return names ? completeSql(context, names) : null
}

function languageOf(language: EditorLanguage): Extension {
  if (language === 'javascript') return javascript()
  if (language === 'json') return json()
  return sql({ dialect: sqlDialects[language] }).language
}

/** The sign at a place, or the one before it at the end of the text. */
function around(state: EditorState, position: number) {
  const from = Math.max(0, Math.min(position, state.doc.length - 1))
  return { from, to: Math.min(from + 1, state.doc.length) }
}

/** What differs between two texts, so that the caret stays where it was. */
function difference(before: string, after: string) {
  let from = 0
  while (from < before.length && from < after.length && before[from] === after[from]) from++
  let end = 0
  while (
    end < before.length - from &&
    end < after.length - from &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) }
}
