import type { EditorProps } from '../editor.ts'
import { Field } from '../Field.tsx'
import classes from '../form.module.css'
import { isObject, isShown, pruned } from '../pruned.ts'

/** One thing with fields of its own. */
export function GroupEditor({ field, setting, path, value, set, label }: EditorProps) {
  if (!setting) return null
  const fields = field.fields ?? []
  const fallback = isObject(setting.fallback) ? setting.fallback : {}
  const values = isObject(value) ? value : fallback
  const put = (name: string, next: unknown, typed?: boolean) => {
    const after = { ...values, [name]: next }
    if (next === undefined) delete after[name]
    const left = typed ? after : pruned(fields, values, after)
    set(Object.keys(left).length === 0 && !setting.required ? undefined : left, typed)
  }
  return (
    <fieldset className={classes.group} aria-label={label}>
      {fields
        .filter((inner) => isShown(inner, values))
        .map((inner) => (
          <div key={inner.name} className={classes.blockField}>
            <span className={classes.blockLabel} aria-hidden>
              {inner.label}
            </span>
            <Field
              field={inner}
              schema={setting.schema}
              path={[...path, inner.name]}
              value={values[inner.name]}
              bare
              owner={label}
              set={(next, typed) => put(inner.name, next, typed)}
            />
          </div>
        ))}
    </fieldset>
  )
}
