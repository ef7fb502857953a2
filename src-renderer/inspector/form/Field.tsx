import { Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useId } from 'react'
import type { z } from 'zod'
import type { FormField } from '../../../shared/nodes/form.ts'
import { settingOf } from '../../../shared/nodes/settings.ts'
import { formatPath, type Path } from '../../../shared/pipeline/place.ts'
import { Markdown } from '../../ui/Markdown.tsx'
import { editors } from './editors.tsx'
import classes from './form.module.css'
import { type FieldTrouble, useForm } from './scope.ts'
import { troubleAt } from './troubles.ts'

interface FieldProps {
  field: FormField
  /** Of the object that the field belongs to. */
  schema: z.ZodType
  path: Path
  value: unknown
  /** In a line of a list: the heading above names it. */
  bare?: boolean
  /** What it belongs to, e.g. `Keys 2`. */
  owner?: string
  set?(value: unknown, typed?: boolean): void
}

/** Editors that show the troubles of their parts themselves. */
const composed = new Set(['list', 'group', 'columns', 'texts'])

/** One setting: its name, its editor, what it means and what is wrong with it. */
export function Field({ field, schema, path, value, bare = false, owner, set }: FieldProps) {
  const id = useId()
  const form = useForm()
  const setting = settingOf(schema, field.name)
  const name = formatPath(path)
  const trouble = troubleAt(form.troubles, name, !composed.has(field.editor))
  const help = field.help ?? setting?.description ?? ''
  const Editor = editors[field.editor]
  const control = (
    <Editor
      field={field}
      setting={setting}
      path={path}
      value={value}
      set={set ?? ((next, typed) => form.set(path, next, typed))}
      id={id}
      label={owner === undefined ? field.label : `${owner}, ${field.label.toLowerCase()}`}
      describedBy={
        [trouble && `${id}-trouble`, !bare && help !== '' && `${id}-help`].filter(Boolean).join(' ') || undefined
      }
      trouble={trouble}
      placeholder={field.placeholder ?? fallbackText(field, setting?.fallback)}
    />
  )
  if (bare) {
    return (
      <div data-field={name} className={classes.bare}>
        {control}
        {trouble && <Trouble id={`${id}-trouble`} trouble={trouble} />}
      </div>
    )
  }
  const isSwitch = field.editor === 'switch'
  return (
    <div data-field={name} className={classes.field} data-switch={isSwitch || undefined}>
      <div className={classes.labelLine}>
        <label htmlFor={id} className={classes.label}>
          {field.label}
          {setting?.required === false && !isSwitch && field.editor !== 'choice' && (
            <span className={classes.optional}>optional</span>
          )}
        </label>
      </div>
      {control}
      {trouble && <Trouble id={`${id}-trouble`} trouble={trouble} />}
      {help !== '' && (
        <div id={`${id}-help`} className={classes.help}>
          <Markdown text={help} />
        </div>
      )}
    </div>
  )
}

export function Trouble({ id, trouble }: { id: string; trouble: FieldTrouble }) {
  return (
    <Text id={id} className={classes.trouble} component="div">
      <IconAlertCircle size={14} stroke={1.75} aria-hidden />
      <span>
        {trouble.message}
        {trouble.hint !== undefined && <span className={classes.hint}> {trouble.hint}</span>}
      </span>
    </Text>
  )
}

function fallbackText(field: FormField, fallback: unknown): string {
  if (fallback === undefined || fallback === '' || typeof fallback === 'object') return ''
  return field.options?.find(({ value }) => value === fallback)?.label ?? String(fallback)
}
