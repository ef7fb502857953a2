import { Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { toAppError } from '../../shared/errors.ts'
import { renameNode } from '../../shared/pipeline/edit.ts'
import { setNode } from '../../shared/pipeline/edit-config.ts'
import { changeDocument, documentOf, usePipeline } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import { GrowingText } from '../ui/GrowingText.tsx'
import classes from './inspector.module.css'
import { NumberField } from './NumberField.tsx'
import { RetrySettings } from './RetrySettings.tsx'
import { Section } from './Section.tsx'
import { useDraft } from './useDraft.ts'

/** What every node has, whatever its kind. */
export function NodeSettings({ document, node }: { document: string; node: string }) {
  const here = usePipeline(document)?.nodes[node]
  const note = useDraft(here?.note ?? '', (text) =>
    changeDocument(document, (before) => setNode(before, node, { note: text }), `${node} note`),
  )
  if (!here) return null
  const { disabled = false, retry, timeoutMs } = here
  const set = (change: Parameters<typeof setNode>[2], burst: string | null = null) =>
    changeDocument(document, (before) => setNode(before, node, change), burst)
  const told = [disabled && 'disabled', retry && 'retry', timeoutMs !== undefined && 'timeout'].filter(Boolean)
  return (
    <Section title="Node" note={told.join(', ')}>
      <div className={classes.fields}>
        <IdField document={document} node={node} />
        <GrowingText
          label="Note"
          least={1}
          most={8}
          value={note.text}
          onChange={({ currentTarget }) => note.setText(currentTarget.value)}
          onBlur={note.leave}
        />
        <Switch
          label="Disabled: it, and what takes rows from it, does not run"
          checked={disabled}
          onChange={({ currentTarget }) => set({ disabled: currentTarget.checked })}
        />
        <NumberField
          label="Timeout (s)"
          placeholder="none"
          value={timeoutMs === undefined ? undefined : timeoutMs / 1_000}
          min={0.001}
          set={(seconds) =>
            set({ timeoutMs: seconds === undefined ? undefined : Math.round(seconds * 1_000) }, `${node} timeout`)
          }
        />
        <RetrySettings retry={retry} set={(next, burst) => set({ retry: next }, burst ? `${node} ${burst}` : null)} />
      </div>
    </Section>
  )
}

/** The id, which edges and other settings follow when it changes. */
function IdField({ document, node }: { document: string; node: string }) {
  const [text, setText] = useState(node)
  const [problem, setProblem] = useState<string>()
  const rename = () => {
    const present = documentOf(document)?.history.present
    if (!present || text === node) return setProblem(undefined)
    try {
      renameNode(present, node, text)
    } catch (thrown) {
      const { message, hint } = toAppError(thrown)
      return setProblem(`${message} ${hint ?? ''}`)
    }
    changeDocument(document, (before) => renameNode(before, node, text))
    select(document, { nodes: [text] })
  }
  return (
    <TextInput
      label="Id"
      description="Its name in the file; edges follow."
      value={text}
      error={problem}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={rename}
      onKeyDown={({ key }) => {
        if (key === 'Enter') rename()
        if (key === 'Escape') setText(node)
      }}
    />
  )
}
