import { Button, Select } from '@mantine/core'
import { IconDatabasePlus } from '@tabler/icons-react'
import { usualConnection } from '../canvas/pasted.ts'
import { useConnections } from '../inspector/form/useConnections.ts'
import { useDocument } from '../stores/documents.ts'
import { recall, remember, useSettings } from '../stores/settings.ts'
import { goTo } from '../stores/window.ts'
import classes from './DatabasesPanel.module.css'
import { SchemaTree } from './SchemaTree.tsx'

const setting = 'databases.connection'

/** Beside the canvas: tables of a connection that the pipeline can use, to be dragged onto it. */
export function DatabasesPanel({ document }: { document: string }) {
  const connections = useConnections(document)
  const open = useDocument(document)
  const kept = useSettings(() => recall(setting))
  const usual = open && usualConnection(open.history.present)
  const named = (wanted: unknown) => connections.find(({ name }) => name === wanted)
  const chosen = named(kept) ?? named(usual) ?? connections[0]
  if (!open) return null
  if (!chosen) {
    return (
      <div className={classes.panel}>
        <p className={classes.note}>There are no connections yet.</p>
        <Button size="xs" leftSection={<IconDatabasePlus size={16} aria-hidden />} onClick={() => goTo('connections')}>
          Add a connection
        </Button>
      </div>
    )
  }
  const { name, dialect } = chosen
  return (
    <div className={classes.panel}>
      <Select
        size="xs"
        aria-label="Connection"
        allowDeselect={false}
        data={connections.map((one) => ({
          value: one.name,
          label: one.environment ? `${one.name} · ${one.environment}` : one.name,
        }))}
        value={name}
        onChange={(picked) => picked !== null && remember(setting, picked)}
      />
      <SchemaTree key={`${open.folder} ${name}`} database={{ connection: name, folder: open.folder, dialect }} />
      <p className={classes.hint}>Drag a table onto the canvas.</p>
    </div>
  )
}
