import { IconAlertTriangle, IconPlugConnected } from '@tabler/icons-react'
import type { GivenConnection } from '../../shared/contract/connections.ts'
import { shortPath } from '../files/paths.ts'
import { useOwnFolder } from '../stores/program.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { testGiven } from './actions.ts'
import classes from './connections.module.css'
import { DialectIcon, EnvironmentLabel, hueOf, ReadOnlyLabel, targetOf } from './marks.tsx'

/** Connections that the environment or a connections.json defines; they are changed there. */
export function GivenCards({ connections }: { connections: readonly GivenConnection[] }) {
  return (
    <section aria-labelledby="given-connections">
      <h2 id="given-connections" className={classes.section}>
        Defined elsewhere
        <span>Read only here; for the pipelines beside them they go before saved ones of the same name.</span>
      </h2>
      <ul className={classes.cards}>
        {connections.map((connection) => (
          <GivenCard key={`${connection.place} ${connection.name}`} connection={connection} />
        ))}
      </ul>
    </section>
  )
}

function GivenCard({ connection }: { connection: GivenConnection }) {
  const { name, origin, place, config, error } = connection
  const own = useOwnFolder()
  return (
    <li
      className={classes.card}
      data-given
      data-hue={config ? hueOf(config) : 'none'}
      data-environment={config?.environment}
    >
      <div className={classes.cardBody}>
        <span className={classes.cardTitle}>
          {config ? <DialectIcon dialect={config.dialect} /> : <IconAlertTriangle size={18} stroke={1.5} aria-hidden />}
          <span className={classes.name}>{name}</span>
        </span>
        <span className={classes.target} title={config ? targetOf(config) : error?.message}>
          {config ? shortPath(targetOf(config), own) : error?.message}
        </span>
        <span className={classes.labels}>
          {config?.environment && <EnvironmentLabel environment={config.environment} />}
          {config?.readOnly && <ReadOnlyLabel />}
          <span className={classes.origin} title={place}>
            {origin === 'environment' ? 'From the environment' : 'From a file'}: {shortPath(place, own)}
          </span>
        </span>
      </div>
      {config && (
        <div className={classes.cardMenu}>
          <IconButton
            label={`Test ${name}`}
            icon={IconPlugConnected}
            size="sm"
            onClick={() => void testGiven(connection)}
          />
        </div>
      )}
    </li>
  )
}
