import { Menu } from '@mantine/core'
import { IconAlertCircle, IconCopy, IconCursorText, IconDots, IconPlugConnected, IconTrash } from '@tabler/icons-react'
import type { ConnectionInfo } from '../../shared/contract/connections.ts'
import { shortPath } from '../files/paths.ts'
import { useOwnFolder } from '../stores/program.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { duplicateConnection, renameConnection, testSaved } from './actions.ts'
import classes from './connections.module.css'
import { DialectIcon, EnvironmentLabel, hueOf, ReadOnlyLabel, targetOf } from './marks.tsx'
import { useRefresh } from './queries.ts'
import { showSaved, useConnectionsState } from './state.ts'

interface CardProps {
  connection: ConnectionInfo
  uses: number
  connections: readonly ConnectionInfo[]
}

export function Card({ connection, uses, connections }: CardProps) {
  const { name, config } = connection
  const picked = useConnectionsState(({ shown }) => shown?.kind === 'saved' && shown.name === name)
  const own = useOwnFolder()
  const wanting = Object.values(connection.secrets).includes('forgotten')
  return (
    <li
      className={classes.card}
      data-hue={hueOf(config)}
      data-environment={config.environment}
      data-picked={picked || undefined}
    >
      <button
        type="button"
        className={classes.cardButton}
        data-connection={name}
        aria-current={picked || undefined}
        onClick={() => void showSaved(name)}
      >
        <span className={classes.cardTitle}>
          <DialectIcon dialect={config.dialect} />
          <span className={classes.name}>{name}</span>
        </span>
        <span className={classes.target} title={targetOf(config)}>
          {shortPath(targetOf(config), own)}
        </span>
        <span className={classes.labels}>
          {config.environment && <EnvironmentLabel environment={config.environment} />}
          {config.readOnly && <ReadOnlyLabel />}
          {wanting && (
            <span className={classes.environment} data-warn>
              <IconAlertCircle size={12} stroke={2} aria-hidden />
              Password wanted
            </span>
          )}
          <span className={classes.uses}>{usesText(uses)}</span>
        </span>
      </button>
      <div className={classes.cardMenu}>
        <CardMenu connection={connection} connections={connections} />
      </div>
    </li>
  )
}

export const usesText = (uses: number) =>
  uses === 0 ? 'Unused' : `Used by ${uses} ${uses === 1 ? 'pipeline' : 'pipelines'}`

function CardMenu({ connection: { name }, connections }: Omit<CardProps, 'uses'>) {
  const refresh = useRefresh()
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton label={`Actions for ${name}`} icon={IconDots} size="sm" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPlugConnected size={14} />} onClick={() => void testSaved(name)}>
          Test
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCopy size={14} />}
          onClick={() => void duplicateConnection(name, connections, refresh)}
        >
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconCursorText size={14} />} onClick={() => void renameConnection(name, refresh)}>
          Rename…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={14} />}
          onClick={() => useConnectionsState.setState({ removing: name })}
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
