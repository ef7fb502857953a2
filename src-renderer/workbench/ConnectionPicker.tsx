import { Button, Combobox, InputBase, useCombobox, VisuallyHidden } from '@mantine/core'
import { IconDatabasePlus, IconStack2 } from '@tabler/icons-react'
import { workspaceConnection } from '../../shared/connections.ts'
import { baseName } from '../files/paths.ts'
import { goTo } from '../stores/window.ts'
import classes from './ConnectionPicker.module.css'
import { connectionOf, isWorkspace, type PlacedConnection, titleOf, useConnections } from './connections.ts'
import { useRun } from './runs.ts'
import { changeTab, type QueryTab } from './tabs.ts'
import shared from './workbench.module.css'

const keyOf = ({ name, folder }: PlacedConnection) => JSON.stringify([folder, name])

const pickerId = 'query-connection'

/** Opens the picker that is on the screen. */
export function openPicker(): void {
  const button = document.getElementById(pickerId)
  button?.focus()
  button?.click()
}

/** The connection that a tab's statements go to, with its colour and environment. */
export function ConnectionPicker({ tab }: { tab: QueryTab }) {
  const { connections, loading, failed } = useConnections()
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const { session, running } = useRun(tab.id)
  const chosen = connectionOf(tab.connection, tab.folder)
  if (!loading && !failed && connections.length === 0) {
    return (
      <div className={classes.noConnections}>
        <p>There are no connections yet.</p>
        <Button size="xs" leftSection={<IconDatabasePlus size={16} aria-hidden />} onClick={() => goTo('connections')}>
          Add a connection
        </Button>
      </div>
    )
  }
  return (
    <Combobox
      store={combobox}
      width={320}
      position="bottom-start"
      onOptionSubmit={(value) => {
        const picked = connections.find((one) => keyOf(one) === value)
        if (value === workspaceConnection) changeTab(tab.id, { connection: workspaceConnection })
        if (picked) changeTab(tab.id, { connection: picked.name, folder: picked.folder })
        combobox.closeDropdown()
      }}
    >
      <Combobox.Target targetType="button">
        <InputBase
          component="button"
          id={pickerId}
          type="button"
          pointer
          size="xs"
          multiline
          classNames={{ input: classes.picker }}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          title={chosen?.name}
          disabled={running || session.transaction !== 'idle'}
          onClick={() => combobox.toggleDropdown()}
        >
          <VisuallyHidden>Connection: </VisuallyHidden>
          {chosen && <Shown connection={chosen} />}
          {isWorkspace(tab.connection) && <Workspace />}
          {!chosen && !isWorkspace(tab.connection) && (
            <span className={shared.dim}>{tab.connection ?? 'Pick a connection'}</span>
          )}
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label="Connections" aria-busy={loading}>
          <Combobox.Option value={workspaceConnection} active={isWorkspace(tab.connection)} className={classes.all}>
            <Workspace />
            <span className={classes.about}>All connections at once, by connection.schema.table</span>
          </Combobox.Option>
          {/* Whatever came later would push away what somebody is about to pick. */}
          {loading && <Combobox.Empty>Loading…</Combobox.Empty>}
          {(loading ? [] : connections).map((one) => (
            <Combobox.Option key={keyOf(one)} value={keyOf(one)} active={one === chosen} title={one.name}>
              <Shown connection={one} folder={isAmbiguous(one, connections)} />
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** Several folders may have a connection of the same name, and one may be called as all of them together are. */
const isAmbiguous = ({ name }: PlacedConnection, all: readonly PlacedConnection[]) =>
  name === titleOf(workspaceConnection) || all.filter((one) => one.name === name).length > 1

function Workspace() {
  return (
    <span className={classes.named}>
      <IconStack2 size={14} stroke={1.5} aria-hidden className={classes.stack} />
      <span className={classes.connectionName}>Workspace</span>
    </span>
  )
}

function Shown({ connection, folder = false }: { connection: PlacedConnection; folder?: boolean }) {
  const { name, color, environment, readOnly } = connection
  return (
    <span className={classes.connection}>
      <span className={classes.named}>
        <span className={classes.swatch} data-color={color ?? 'gray'} aria-hidden />
        <span className={classes.connectionName}>{name}</span>
        {folder && <span className={classes.connectionFolder}>{baseName(connection.folder)}</span>}
      </span>
      {(readOnly || environment) && (
        <span className={classes.labels}>
          {readOnly && <span className={classes.label}>read-only</span>}
          {environment && (
            <span className={classes.label} data-environment={environment}>
              {environment}
            </span>
          )}
        </span>
      )}
    </span>
  )
}
