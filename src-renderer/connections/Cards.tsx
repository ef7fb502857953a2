import type { KeyboardEvent } from 'react'
import type { ConnectionInfo } from '../../shared/contract/connections.ts'
import { duplicateConnection, renameConnection } from './actions.ts'
import { Card } from './Card.tsx'
import classes from './connections.module.css'
import { useRefresh, useUses } from './queries.ts'
import { useConnectionsState } from './state.ts'

/** Saved connections by name. Arrows walk, Enter opens, F2 renames, Delete removes. */
export function Cards({ connections }: { connections: readonly ConnectionInfo[] }) {
  const uses = useUses()
  const refresh = useRefresh()
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const card = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-connection]') : null
    const found = connections.find(({ name }) => name === card?.dataset.connection)
    if (!card || !found || event.target !== card) return
    const copies = event.key === 'd' && (event.ctrlKey || event.metaKey)
    if (event.key === 'F2') void renameConnection(found.name, refresh)
    else if (event.key === 'Delete') useConnectionsState.setState({ removing: found.name })
    else if (copies) void duplicateConnection(found.name, connections, refresh)
    else if (event.key === 'ArrowRight' || event.key === 'ArrowDown') step(card, 1)
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') step(card, -1)
    else return
    event.preventDefault()
  }
  return (
    <ul className={classes.cards} aria-label="Saved connections" onKeyDown={onKeyDown}>
      {connections.map((connection) => (
        <Card
          key={connection.name}
          connection={connection}
          uses={uses[connection.name]?.length ?? 0}
          connections={connections}
        />
      ))}
    </ul>
  )
}

function step(card: HTMLElement, by: number): void {
  const all = [...(card.closest('ul')?.querySelectorAll<HTMLElement>('[data-connection]') ?? [])]
  all[all.indexOf(card) + by]?.focus()
}
