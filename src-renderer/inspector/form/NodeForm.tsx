import { IconChevronRight } from '@tabler/icons-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { NodeDefinition } from '../../../shared/nodes/define.ts'
import type { FormField } from '../../../shared/nodes/form.ts'
import { setConfig } from '../../../shared/pipeline/edit-config.ts'
import { formatPath, type Path } from '../../../shared/pipeline/place.ts'
import { matches } from '../../commands/keys.ts'
import { perform } from '../../commands/perform.ts'
import { redo, undo } from '../../commands/undo.ts'
import { changeDocument, usePipeline } from '../../stores/documents.ts'
import { useNodeLook } from '../../stores/looks.ts'
import panel from '../inspector.module.css'
import { useArriving } from '../useArriving.ts'
import { settleDrafts } from '../useDraft.ts'
import { editors } from './editors.tsx'
import { Field } from './Field.tsx'
import { isShown, pruned } from './pruned.ts'
import { FormContext, type FormScope } from './scope.ts'
import { fieldTroubles } from './troubles.ts'
import { useGoToField } from './useGoToField.ts'

interface NodeFormProps {
  document: string
  node: string
  definition: NodeDefinition
}

const unknown: Readonly<Record<string, never>> = {}

/** The settings of a node, made from its kind's form. */
export function NodeForm({ document, node, definition }: NodeFormProps) {
  const config = usePipeline(document)?.nodes[node]?.config ?? unknown
  const look = useNodeLook(document, node)
  const arriving = useArriving(document, node)
  const troubles = useMemo(() => fieldTroubles(definition, config, look?.error), [definition, config, look?.error])
  const scope = useMemo((): FormScope => {
    const set = (path: Path, value: unknown, typed = false) => {
      const burst = typed ? `${node} ${formatPath(path)}` : null
      changeDocument(document, (before) => setConfig(before, node, path, value), burst)
    }
    return { document, node, definition, config, arriving, leaving: look?.columns ?? unknown, troubles, editors, set }
  }, [document, node, definition, config, arriving, look, troubles])
  const host = useRef<HTMLDivElement>(null)
  const { more, main } = useMemo(() => parted(definition.form), [definition])
  const hidden = more.some(({ name }) => [...troubles.keys()].some((path) => path.split(/[.[]/)[0] === name))
  const [open, setOpen] = useState(false)
  const opened = open || hidden
  useGoToField(host, document, node, opened, () => setOpen(true))

  const put = (field: FormField, value: unknown, typed?: boolean) => {
    if (typed) return scope.set([field.name], value, true)
    changeDocument(document, (before) => {
      const changed = setConfig(before, node, [field.name], value)
      const after = changed.nodes[node]
      return after
        ? setConfig(changed, node, [], pruned(definition.form, before.nodes[node]?.config ?? {}, after.config))
        : changed
    })
  }
  const shown = (fields: readonly FormField[]) =>
    fields
      .filter((field) => isShown(field, config))
      .map((field) => (
        <Field
          key={field.name}
          field={field}
          schema={definition.config}
          path={[field.name]}
          value={config[field.name]}
          set={(value, typed) => put(field, value, typed)}
        />
      ))
  return (
    <FormContext value={scope}>
      <div ref={host} onKeyDownCapture={onKey}>
        {shown(main)}
        {shown(more).length > 0 && (
          <>
            <button type="button" className={panel.sectionHead} aria-expanded={opened} onClick={() => setOpen(!opened)}>
              <IconChevronRight size={14} className={panel.chevron} aria-hidden />
              More settings
              <span className={panel.count}>{setCount(more, config)}</span>
            </button>
            {opened && shown(more)}
          </>
        )}
      </div>
    </FormContext>
  )
}

const parted = (form: readonly FormField[]) => ({
  main: form.filter((field) => !field.more),
  more: form.filter((field) => field.more),
})

function setCount(fields: readonly FormField[], config: Readonly<Record<string, unknown>>): string {
  const count = fields.filter(({ name }) => config[name] !== undefined).length
  return count === 0 ? '' : `${count} set`
}

/** Undo in a field undoes in the document, which holds what was typed; commands of the window find the text in it. */
function onKey(event: KeyboardEvent): void {
  const press = event.nativeEvent
  if (press.ctrlKey || press.metaKey || press.key.startsWith('F')) settleDrafts()
  const command = matches('mod+Z', press)
    ? undo
    : matches('mod+shift+Z', press) || matches('mod+Y', press)
      ? redo
      : undefined
  if (!command) return
  event.preventDefault()
  event.stopPropagation()
  void perform(command)
}
