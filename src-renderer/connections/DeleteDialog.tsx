import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ConnectionUse } from '../../shared/contract/connections.ts'
import { api, asAppError } from '../api/client.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { showError } from '../ui/notify.ts'
import { removeFromTabs, useTabsText } from '../workbench/connection-tabs.ts'
import classes from './form.module.css'
import { EnvironmentLabel } from './marks.tsx'
import { useRefresh, useSaved, useUses } from './queries.ts'
import { closeRemoved, useConnectionsState } from './state.ts'

const none: readonly ConnectionUse[] = []

/** Asks before a connection goes: who uses it, and for production its name. */
export function DeleteDialog() {
  const removing = useConnectionsState((state) => state.removing)
  const uses = useUses()
  const close = () => useConnectionsState.setState({ removing: null })
  return (
    <Dialog opened={removing !== null} onClose={close} title={`Delete ${removing ?? ''}?`} size="sm">
      {removing !== null && <Question key={removing} name={removing} uses={uses[removing] ?? none} onDone={close} />}
    </Dialog>
  )
}

interface QuestionProps {
  name: string
  uses: readonly ConnectionUse[]
  onDone(): void
}

function Question({ name, uses, onDone }: QuestionProps) {
  const refresh = useRefresh()
  const production = useSaved().data?.find((one) => one.name === name)?.config.environment === 'production'
  const tabs = useTabsText(name, 'is rolled back')
  const [typed, setTyped] = useState('')
  const remove = async (event: FormEvent) => {
    event.preventDefault()
    if (production && typed.trim() !== name) return
    try {
      await removeFromTabs(name, () => api.connections.remove({ name }))
      closeRemoved(name)
      onDone()
      await refresh()
    } catch (thrown) {
      showError(asAppError(thrown), 'The connection was not deleted')
    }
  }
  return (
    <form onSubmit={remove}>
      <Stack gap="md">
        {uses.length === 0 ? (
          <div>
            No pipeline that is known here uses it. Its password is forgotten; the database itself stays as it is.
          </div>
        ) : (
          <div>
            These pipelines use it and will not run without it:
            <ul className={classes.usedBy}>
              {uses.slice(0, 8).map((use) => (
                <li key={`${use.path} ${use.pipeline}`} title={use.path}>
                  <strong>{use.pipeline}</strong> ({use.nodes.join(', ')})
                </li>
              ))}
              {uses.length > 8 && <li>and {uses.length - 8} more</li>}
            </ul>
          </div>
        )}
        {tabs !== undefined && <div>{tabs}</div>}
        {production && (
          <TextInput
            label={
              <>
                <EnvironmentLabel environment="production" /> Type {name} to delete it
              </>
            }
            aria-label={`Type ${name} to delete it`}
            value={typed}
            data-autofocus
            autoComplete="off"
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" color="red" disabled={production && typed.trim() !== name}>
            Delete
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
