import { lazy, Suspense } from 'react'
import classes from './CodeEditor.module.css'
import type { CodeEditorProps } from './CodeEditor.tsx'
import { heightOf } from './height.ts'

const CodeEditor = lazy(() => import('./CodeEditor.tsx'))

/** A text editor for code, loaded when the first is shown; the text can be read meanwhile. */
export function LazyEditor(props: CodeEditorProps) {
  const waiting = (
    <div className={classes.waiting} style={{ minHeight: heightOf(props.lines ?? 1) }}>
      {props.value}
    </div>
  )
  return (
    <Suspense fallback={waiting}>
      <CodeEditor {...props} />
    </Suspense>
  )
}
