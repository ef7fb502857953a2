import { Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useId } from 'react'
import type { z } from 'zod'
import type { FormField } from '../../../shared/nodes/form.ts'
import { settingOf } from '../../../shared/nodes/settings.ts'
import { formatPath, type Path } from '../../../shared/pipeline/place.ts'
import { Markdown } from '../../ui/Markdown.tsx'
import type { FieldTrouble } from './editor.ts'
import classes from './form.module.css'
import { useForm } from './scope.ts'
import { troubleAt } from './troubles.ts'

interface FieldProps {
  field: FormField
  /** Of the object that the field belongs to. */
  schema: z.ZodType
  path: Path
  value: unknown
  /** In a line of a list: the heading above names it. */
  bare?: boolean
  /** Whoever shows it says what is wrong with it. */
  quiet?: boolean
  /** What it belongs to, e.g. `Keys 2`. */
  owner?: string
  set?(value: unknown, typed?: boolean): void
}

/** Editors that are left empty where nothing is to be said. */
const typed = new Set(['text', 'number', 'expression', 'sql', 'column', 'type'])

/** Editors that show the troubles of their parts themselves. */
const composed = new Set(['list', 'group', 'columns', 'texts'])

/** One setting: its name, its editor, what it means and what is wrong with it. */
export function Field({ field, schema, path, value, bare = false, quiet = false, owner, set }: FieldProps) {
  const id = useId()
  const form = useForm()
  const setting = settingOf(schema, field.name)
  const name = formatPath(path)
  const trouble = troubleAt(form.troubles, name, !composed.has(field.editor))
  const help = field.help ?? plainHelp(setting?.description ?? '')
  const Editor = form.editors[field.editor]
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
        {trouble && !quiet && <Trouble id={`${id}-trouble`} trouble={trouble} />}
      </div>
    )
  }
  const isSwitch = field.editor === 'switch'
  return (
    <div data-field={name} className={classes.field} data-switch={isSwitch || undefined}>
      <div className={classes.labelLine}>
        <label htmlFor={id} className={classes.label}>
          {field.label}
          {setting?.required === false && typed.has(field.editor) && <span className={classes.optional}>optional</span>}
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
        {trouble.hint !== undefined && !/Did you mean/.test(trouble.message) && (
          <span className={classes.hint}> {trouble.hint}</span>
        )}
      </span>
    </Text>
  )
}

/** The form shows a field only where it counts, so where it counts need not be said. */
const plainHelp = (text: string): string =>
  text.replace(/^(?:CSV|JSON|Parquet|Sample only|With `\w+`): (.)/, (_all, first: string) => first.toUpperCase())

function fallbackText(field: FormField, fallback: unknown): string {
  if (fallback === undefined || fallback === '' || typeof fallback === 'object') return ''
  return field.options?.find(({ value }) => value === fallback)?.label ?? String(fallback)
}
