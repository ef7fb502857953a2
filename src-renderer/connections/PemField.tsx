import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import { pickFile } from '../files/pick.ts'
import { GrowingText } from '../ui/GrowingText.tsx'
import { isMasked } from './draft.ts'
import type { FieldSpec } from './fields.ts'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'
import { KeptSecret } from './SecretField.tsx'

/** A certificate or key: the path of its file, or its text. The text of a private key is a secret. */
export function PemField({ field: { path, label, help } }: { field: FieldSpec }) {
  const { form, secrets } = useFormContext()
  const text = form.draft.texts[path] ?? ''
  const [asText, setAsText] = useState(text.includes('-----BEGIN'))
  const state = secrets[path]
  if (isMasked(text) && state) {
    const clear = () => form.set(path, '')
    return <KeptSecret label={label} state={state} onReplace={clear} onRemove={clear} />
  }
  const common = {
    'aria-label': label,
    value: text,
    error: form.problems[path],
    autoComplete: 'off',
    spellCheck: false,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => form.set(path, currentTarget.value),
    onBlur: () => form.leave(path),
  }
  return (
    <div>
      <div className={classes.labelLine}>
        <span className={classes.label}>{label}</span>
        <SegmentedControl
          size="xs"
          aria-label={`${label}: file or text`}
          data={[
            { value: 'file', label: 'File' },
            { value: 'text', label: 'Text' },
          ]}
          value={asText ? 'text' : 'file'}
          onChange={(value) => setAsText(value === 'text')}
        />
      </div>
      {help && <div className={classes.help}>{help}</div>}
      {asText ? (
        <GrowingText {...common} placeholder="-----BEGIN …" least={3} most={6} className={classes.pem} />
      ) : (
        <div className={classes.withButtons}>
          <TextInput {...common} placeholder={path === 'tunnel.key' ? '~/.ssh/id_ed25519' : '/etc/ssl/file.pem'} />
          <Button
            variant="default"
            aria-label={`Browse for ${label}`}
            onClick={async () => {
              const file = await pickFile({ purpose: 'open', title: label })
              if (file !== null) form.set(path, file)
            }}
          >
            Browse…
          </Button>
        </div>
      )}
    </div>
  )
}
