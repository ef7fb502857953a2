import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import type { z } from 'zod'
import { formatType } from '../../../../shared/data/types.ts'
import type { FormField } from '../../../../shared/nodes/form.ts'
import { itemSchema, settingOf } from '../../../../shared/nodes/settings.ts'
import { formatPath, type Path } from '../../../../shared/pipeline/place.ts'
import { goToField } from '../../../stores/selection.ts'
import { useColumns } from '../columns.ts'
import type { EditorProps } from '../editor.ts'
import { Field, Trouble } from '../Field.tsx'
import classes from '../form.module.css'
import { isObject, isShown, pruned } from '../pruned.ts'
import { useForm } from '../scope.ts'
import { AddButton, isByKey, itemsAround } from './AddButton.tsx'
import { Sortable } from './Sortable.tsx'

/** A list of things that have fields of their own. */
export function ListEditor({ field, setting, path, value, set, label, placeholder, trouble }: EditorProps) {
  const schema = setting && itemSchema(setting.schema)
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const { fields = [], layout = 'line', item = 'item', each } = field
  const put = (next: readonly unknown[], typed?: boolean) =>
    set(next.length === 0 && !setting?.required ? undefined : next, typed)
  if (!schema) return null
  const lines = layout === 'line'
  return (
    <fieldset data-items className={classes.items} aria-label={label} data-trouble={trouble !== undefined || undefined}>
      {items.length === 0 && placeholder !== '' && <div className={classes.empty}>None: {placeholder}</div>}
      {lines && items.length > 0 && <Heads fields={fields} />}
      <Sortable items={items} item={item} block={!lines} change={put}>
        {(one, index) => (
          <Item
            fields={fields}
            schema={schema}
            path={[...path, index]}
            value={isObject(one) ? one : {}}
            lines={lines}
            owner={`${label} ${index + 1}`}
            set={(next, typed) => put(items.with(index, next), typed)}
          />
        )}
      </Sortable>
      <div className={classes.actions}>
        <AddButton item={item} add={() => put([...items, newItem(fields, schema)])} />
        {each !== undefined && (
          <AddAll name={each} items={items} fields={fields} put={put} port={portOf(fields, each)} />
        )}
      </div>
    </fieldset>
  )
}

const portOf = (fields: readonly FormField[], name: string) => fields.find((field) => field.name === name)?.port

function AddAll(props: {
  name: string
  items: readonly unknown[]
  fields: readonly FormField[]
  port: string | undefined
  put(items: readonly unknown[]): void
}) {
  const { name, items, fields, port, put } = props
  const columns = useColumns(port)
  const there = new Set(items.flatMap((item) => (isObject(item) ? [String(item[name]).toLowerCase()] : [])))
  const missing = columns?.filter((column) => !there.has(column.name.toLowerCase())) ?? []
  const typed = name === 'name' && fields.some((field) => field.name === 'type')
  const add = () =>
    put([
      ...items,
      ...missing.map((column) => ({ [name]: column.name, ...(typed && { type: formatType(column.type) }) })),
    ])
  return (
    <Button
      variant="default"
      size="compact-xs"
      disabled={missing.length === 0}
      onClick={(event) => {
        flushSync(add)
        // Nothing is left to add, so the button cannot keep the keys.
        if (isByKey(event)) itemsAround(event.currentTarget)[items.length]?.querySelector('button')?.focus()
      }}
    >
      Add all columns
    </Button>
  )
}

function Heads({ fields }: { fields: readonly FormField[] }) {
  return (
    <div className={classes.heads} aria-hidden>
      <span />
      <div className={classes.line} style={{ gridTemplateColumns: template(fields) }}>
        {fields.map(({ name, label }) => (
          <span key={name}>{label}</span>
        ))}
      </div>
      <span />
    </div>
  )
}

interface ItemProps {
  fields: readonly FormField[]
  schema: z.ZodType
  path: Path
  value: Record<string, unknown>
  lines: boolean
  owner: string
  set(value: unknown, typed?: boolean): void
}

function Item({ fields, schema, path, value, lines, owner, set }: ItemProps) {
  const { document, node, troubles } = useForm()
  const [asked, setAsked] = useState<readonly string[]>([])
  const at = path.join('.')
  const own = troubles.get(at)
  const put = (name: string, next: unknown, typed?: boolean) => {
    const after = { ...value, [name]: next }
    if (next === undefined) delete after[name]
    set(typed ? after : pruned(fields, value, after), typed)
  }
  const fieldOf = (field: FormField) => (
    <Field
      field={field}
      schema={schema}
      path={[...path, field.name]}
      value={value[field.name]}
      bare
      quiet={lines}
      owner={owner}
      set={(next, typed) => put(field.name, next, typed)}
    />
  )
  if (lines) {
    const told = [own, ...fields.map(({ name }) => troubles.get(`${at}.${name}`))].filter((one) => one !== undefined)
    return (
      <div data-field={at}>
        <div className={classes.line} style={{ gridTemplateColumns: template(fields) }}>
          {fields.map((field) => (
            <div key={field.name}>{fieldOf(field)}</div>
          ))}
        </div>
        {told.map((trouble) => (
          <Trouble key={trouble.message} id={`${at}-trouble`} trouble={trouble} />
        ))}
      </div>
    )
  }
  const possible = fields.filter((field) => isShown(field, value))
  const said = ({ name, more }: FormField) =>
    !more || value[name] !== undefined || asked.includes(name) || troubles.has(`${at}.${name}`)
  return (
    <div data-field={at} className={classes.block}>
      {possible.filter(said).map((field) => (
        <div key={field.name} className={classes.blockField} data-tall={field.editor === 'list' || undefined}>
          <span className={classes.blockLabel} title={settingOf(schema, field.name)?.description} aria-hidden>
            {field.label}
          </span>
          {fieldOf(field)}
        </div>
      ))}
      <div className={classes.actions}>
        {possible
          .filter((field) => !said(field))
          .map(({ name, label }) => (
            <Button
              key={name}
              variant="subtle"
              color="gray"
              size="compact-xs"
              leftSection={<IconPlus size={12} />}
              onClick={() => {
                setAsked([...asked, name])
                goToField(document, node, formatPath([...path, name]))
              }}
            >
              {label}
            </Button>
          ))}
      </div>
      {own && <Trouble id={`${at}-trouble`} trouble={own} />}
    </div>
  )
}

/** Names need more room than choices. */
const template = (fields: readonly FormField[]): string =>
  fields
    .map(({ editor }) =>
      editor === 'choice' ? 'minmax(0, 3fr)' : editor === 'column' ? 'minmax(0, 5fr)' : 'minmax(0, 4fr)',
    )
    .join(' ')

/** A new item: choices that must be made are made for the user, the rest is left to say. */
function newItem(fields: readonly FormField[], schema: z.ZodType): Record<string, unknown> {
  const chosen = fields.flatMap(({ name, editor, options }) => {
    const first = editor === 'choice' && settingOf(schema, name)?.required ? options?.[0]?.value : undefined
    return first === undefined ? [] : [[name, first] as const]
  })
  return Object.fromEntries(chosen)
}
