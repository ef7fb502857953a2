import { TextInput } from '@mantine/core'
import { looksLikeUrl } from './draft.ts'
import { FileField } from './FileField.tsx'
import type { FieldSpec } from './fields.ts'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'
import { PemField } from './PemField.tsx'
import { SecretField } from './SecretField.tsx'

/** Fields of the form, those beside each other on one line. */
export function FieldList({ fields }: { fields: readonly FieldSpec[] }) {
  return (
    <div className={classes.fields}>
      {fields.map((field) => (
        <div key={field.path} data-path={field.path} data-kind={field.kind} data-beside={field.beside || undefined}>
          <Field field={field} />
        </div>
      ))}
    </div>
  )
}

function Field({ field }: { field: FieldSpec }) {
  switch (field.kind) {
    case 'secret':
      return <SecretField field={field} />
    case 'database-file':
      return <FileField field={field} />
    case 'pem':
    case 'key':
      return <PemField field={field} />
    default:
      return <TextField field={field} />
  }
}

function TextField({ field: { path, label, kind, placeholder, help } }: { field: FieldSpec }) {
  const { form } = useFormContext()
  const numeric = kind === 'port' || kind === 'number'
  return (
    <TextInput
      label={label}
      description={help}
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
      inputMode={numeric ? 'numeric' : 'text'}
      value={form.draft.texts[path] ?? ''}
      error={form.problems[path]}
      onChange={({ currentTarget }) => form.set(path, currentTarget.value)}
      onBlur={() => form.leave(path)}
      onPaste={(event) => {
        const pasted = event.clipboardData.getData('text')
        if (path !== 'host' || !looksLikeUrl(pasted)) return
        event.preventDefault()
        void form.readUrl(pasted)
      }}
    />
  )
}
