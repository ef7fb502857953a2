import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useId, useMemo, useState } from 'react'
import { LazyEditor } from '../../../editors/LazyEditor.tsx'
import { usePipeline } from '../../../stores/documents.ts'
import { useDraft } from '../../useDraft.ts'
import type { EditorProps, FieldTrouble } from '../editor.ts'
import { Trouble } from '../Field.tsx'
import classes from '../form.module.css'
import { useForm } from '../scope.ts'
import { TemplateInput } from '../TemplateInput.tsx'
import { useEntries } from '../useEntries.ts'
import { type BodyLine, bodyKinds, isFlat, parseBody, readBody, writeBody } from './body-lines.ts'
import { Sortable } from './Sortable.tsx'

/** What is sent with a request: fields one by one, or any JSON. */
export function BodyEditor(props: EditorProps) {
  const { value, set } = props
  const flat = isFlat(value)
  const [wanted, setWanted] = useState<'fields' | 'json'>('fields')
  const mode = flat ? wanted : 'json'
  return (
    <div className={classes.items}>
      <SegmentedControl
        data={[
          { value: 'fields', label: 'Fields', disabled: !flat },
          { value: 'json', label: 'JSON' },
        ]}
        value={mode}
        onChange={(next) => setWanted(next === 'json' ? 'json' : 'fields')}
      />
      {mode === 'fields' ? <BodyFields {...props} /> : <BodyText {...props} />}
      {value !== undefined && (
        <div className={classes.actions}>
          <Button variant="subtle" size="compact-xs" color="gray" onClick={() => set(undefined)}>
            Send no body
          </Button>
        </div>
      )}
    </div>
  )
}

function BodyFields({ value, set, label }: EditorProps) {
  const { lines, put } = useEntries(value, readBody, writeBody, set)
  const change = (index: number, part: Partial<BodyLine>, typed?: boolean) =>
    put(
      lines.map((line, place) => (place === index ? { ...line, ...part } : line)),
      typed,
    )
  return (
    <>
      <Sortable items={lines} item="field" change={put}>
        {(line, index) => (
          <div className={classes.line}>
            <TextInput
              aria-label={`${label}, field ${index + 1}, name`}
              placeholder="name"
              value={line.name}
              onChange={({ currentTarget }) => change(index, { name: currentTarget.value }, true)}
            />
            <TemplateInput
              aria-label={`${label}, field ${index + 1}, value`}
              placeholder="value or {{parameter}}"
              disabled={line.kind === 'null'}
              value={line.text}
              onChange={(text) => change(index, { text }, true)}
            />
            <Select
              aria-label={`${label}, field ${index + 1}, type`}
              data={[...bodyKinds]}
              value={line.kind}
              allowDeselect={false}
              onChange={(kind) => change(index, { kind: bodyKinds.find((known) => known === kind) ?? 'text' })}
            />
          </div>
        )}
      </Sortable>
      <div className={classes.actions}>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconPlus size={12} />}
          onClick={() => put([...lines, { name: '', text: '', kind: 'text' }])}
        >
          Add field
        </Button>
      </div>
    </>
  )
}

const written = (value: unknown) => (value === undefined ? '' : JSON.stringify(value, null, 2))

function BodyText({ value, set, label }: EditorProps) {
  const { document } = useForm()
  const parameters = usePipeline(document)?.parameters
  const [trouble, setTrouble] = useState<FieldTrouble>()
  const commit = (text: string) => {
    const found = parseBody(text)
    setTrouble('trouble' in found ? found.trouble : undefined)
    if ('value' in found) set(found.value, true)
  }
  // Text that is no JSON yet stays in the editor until it is.
  const draft = useDraft(written(value), commit, (text) => {
    const found = parseBody(text)
    return written('value' in found ? found.value : value)
  })
  const mark = useMemo(() => trouble && { position: trouble.position ?? 0, message: trouble.message }, [trouble])
  const id = useId()
  return (
    <>
      <LazyEditor
        label={label}
        language="json"
        value={draft.text}
        onChange={draft.setText}
        onSettle={draft.flush}
        lines={5}
        mark={mark}
        invalid={trouble !== undefined}
        describedBy={trouble && id}
        templates={parameters}
      />
      {trouble && (
        <Trouble
          id={id}
          trouble={{ ...trouble, hint: `${trouble.hint ?? ''} Until then the body is as it was before.`.trim() }}
        />
      )}
    </>
  )
}
