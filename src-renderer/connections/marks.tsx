import {
  IconBrandMysql,
  IconDatabase,
  IconFileDatabase,
  IconFlask,
  IconLock,
  IconShieldLock,
  IconStack2,
  IconTool,
} from '@tabler/icons-react'
import { type ConnectionConfig, connectionColors, type DialectId } from '../../shared/connections.ts'
import classes from './connections.module.css'
import { dialectForms } from './fields.ts'

const dialectIcons = {
  sqlite: IconFileDatabase,
  postgres: IconDatabase,
  mysql: IconBrandMysql,
} as const satisfies Record<DialectId, typeof IconDatabase>

export function DialectIcon({ dialect, size = 18 }: { dialect: DialectId; size?: number }) {
  const Shape = dialectIcons[dialect]
  return <Shape size={size} stroke={1.5} role="img" aria-label={dialectForms[dialect].title} />
}

type Environment = NonNullable<ConnectionConfig['environment']>

export const environmentNames: Record<Environment, string> = {
  development: 'Development',
  test: 'Test',
  staging: 'Staging',
  production: 'Production',
}

const environmentIcons = {
  development: IconTool,
  test: IconFlask,
  staging: IconStack2,
  production: IconShieldLock,
} as const satisfies Record<Environment, typeof IconTool>

/** What a connection is for. Production has a look of its own. */
export function EnvironmentLabel({ environment }: { environment: Environment }) {
  const Shape = environmentIcons[environment]
  return (
    <span className={classes.environment} data-environment={environment}>
      <Shape size={12} stroke={2} aria-hidden />
      {environmentNames[environment]}
    </span>
  )
}

export function ReadOnlyLabel() {
  return (
    <span className={classes.environment}>
      <IconLock size={12} stroke={2} aria-hidden />
      Read-only
    </span>
  )
}

/** The hue that marks a connection: the chosen one, red for production, else none. */
export function hueOf({ color, environment }: Pick<ConnectionConfig, 'color' | 'environment'>): string {
  const known = connectionColors.find((name) => name === color)
  return known ?? (environment === 'production' ? 'red' : 'none')
}

/** Where a connection points, without secrets. */
export function targetOf(config: ConnectionConfig): string {
  const { dialect, file, host = 'localhost', port, database, user } = config
  if (dialect === 'sqlite') return file ?? ''
  const server = port === undefined || port === dialectForms[dialect].defaultPort ? host : `${host}:${port}`
  return `${user === undefined ? '' : `${user}@`}${server}${database === undefined ? '' : `/${database}`}`
}
