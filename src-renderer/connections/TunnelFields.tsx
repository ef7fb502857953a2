import { SegmentedControl } from '@mantine/core'
import type { Draft } from './draft.ts'
import { FieldList } from './FieldList.tsx'
import { tunnelKey, tunnelPassword, tunnelPlace } from './fields.ts'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'

const ways: readonly { value: Draft['tunnel']; label: string }[] = [
  { value: 'off', label: 'Off' },
  { value: 'password', label: 'Password' },
  { value: 'key', label: 'Private key' },
  { value: 'agent', label: 'SSH agent' },
]

/** A way through an SSH server, and how it lets us in. */
export function TunnelFields() {
  const { form } = useFormContext()
  const { tunnel } = form.draft
  return (
    <>
      <div className={classes.fields}>
        <SegmentedControl
          className={classes.wide}
          aria-label="SSH tunnel, logging in by"
          data={[...ways]}
          value={tunnel}
          onChange={(value) => {
            const way = ways.find((one) => one.value === value)
            if (way) form.change((draft) => ({ ...draft, tunnel: way.value }))
          }}
        />
      </div>
      {tunnel !== 'off' && <FieldList fields={tunnelPlace} />}
      {tunnel === 'password' && <FieldList fields={tunnelPassword} />}
      {tunnel === 'key' && <FieldList fields={tunnelKey} />}
      {tunnel !== 'off' && (
        <p className={classes.help}>
          Host and port above are as the SSH server sees them. Its key is remembered when it is first met, and checked
          from then on.
        </p>
      )}
    </>
  )
}
