import { Select } from '@mantine/core'
import { z } from 'zod'
import { usualConnection } from '../canvas/pasted.ts'
import { usePipeline } from '../stores/documents.ts'
import { recall, remember, useSettings } from '../stores/settings.ts'
import { goTo } from '../stores/window.ts'
import { connectionOf, type PlacedConnection, useConnections } from '../workbench/connections.ts'
import classes from './DatabasesPanel.module.css'
import { placeKey } from './place.ts'
import { SchemaTree } from './SchemaTree.tsx'

const chosenPlace = z.object({ connection: z.string(), folder: z.string() }).optional().catch(undefined)
const setting = 'databases.place'
const placeOf = ({ name, folder }: PlacedConnection) => ({ connection: name, folder })

/** Beside the canvas: tables of a connection, to be dragged onto it. */
export function DatabasesPanel({ document }: { document: string }) {
  const { connections, loading } = useConnections()
  const pipeline = usePipeline(document)
  const kept = chosenPlace.parse(useSettings(() => recall(setting)))
  const usual = pipeline && usualConnection(pipeline)
  const chosen =
    (kept && connectionOf(kept.connection, kept.folder)) ??
    connections.find(({ name }) => name === usual) ??
    connections[0]
  if (!loading && connections.length === 0) {
    return (
      <div className={classes.panel}>
        <p className={classes.note}>There are no connections yet.</p>
        <button type="button" className={classes.link} onClick={() => goTo('connections')}>
          Add a connection
        </button>
      </div>
    )
  }
  return (
    <div className={classes.panel}>
      <Select
        size="xs"
        aria-label="Connection"
        allowDeselect={false}
        data={connections.map((one) => ({ value: placeKey(placeOf(one)), label: one.name }))}
        value={chosen ? placeKey(placeOf(chosen)) : null}
        onChange={(key) => {
          const picked = connections.find((one) => placeKey(placeOf(one)) === key)
          if (picked) remember(setting, placeOf(picked))
        }}
      />
      {chosen && (
        <SchemaTree key={placeKey(placeOf(chosen))} database={{ ...placeOf(chosen), dialect: chosen.dialect }} />
      )}
      <p className={classes.hint}>Drag a table onto the canvas.</p>
    </div>
  )
}
