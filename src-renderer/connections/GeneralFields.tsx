import { Select, Switch, TextInput } from '@mantine/core'
import { environments } from '../../shared/connections.ts'
import { ColorPicker } from './ColorPicker.tsx'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'
import { environmentNames } from './marks.tsx'

/** What the connection is called, and what it is for. */
export function NameFields() {
  const { form } = useFormContext()
  const { draft, problems } = form
  return (
    <div className={classes.fields}>
      <div data-path="name">
        <TextInput
          label="Name"
          description="Pipelines use the connection by it."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder="shop"
          autoComplete="off"
          spellCheck={false}
          required
          value={draft.name}
          error={problems.name}
          onChange={({ currentTarget: { value } }) => form.change((before) => ({ ...before, name: value }))}
          onBlur={() => form.leave('name')}
        />
      </div>
      <div data-path="environment" data-beside>
        <Select
          label="Environment"
          placeholder="none"
          clearable
          clearButtonProps={{ 'aria-label': 'No environment' }}
          data={environments.map((value) => ({ value, label: environmentNames[value] }))}
          value={draft.texts.environment ?? null}
          onChange={(value) => form.set('environment', value ?? '')}
        />
      </div>
    </div>
  )
}

/** How the connection is marked, and whether it may write. */
export function MarkFields() {
  const { form } = useFormContext()
  const { draft } = form
  return (
    <div className={classes.fields}>
      <div data-path="color" className={classes.wide}>
        <ColorPicker value={draft.texts.color ?? ''} onChange={(color) => form.set('color', color)} />
      </div>
      <div data-path="readOnly" className={classes.wide}>
        <Switch
          label="Read-only"
          description="The database itself refuses every change that comes through this connection."
          checked={draft.readOnly}
          onChange={({ currentTarget: { checked } }) => form.change((before) => ({ ...before, readOnly: checked }))}
        />
      </div>
    </div>
  )
}
