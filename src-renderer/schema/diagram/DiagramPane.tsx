import { Button, Loader, SegmentedControl, Select } from '@mantine/core'
import { IconLayoutGrid, IconRefresh, IconSchema, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { api, asAppError } from '../../api/client.ts'
import { arrangeBoxes } from '../../canvas/diagram/arrange.ts'
import { Diagram } from '../../canvas/diagram/Diagram.tsx'
import { type Box, boxId, type DiagramModel, diagramModel } from '../../canvas/diagram/model.ts'
import { perform } from '../../commands/perform.ts'
import { openTableRows } from '../../commands/tables.ts'
import { Empty } from '../../ui/Empty.tsx'
import { formatCount } from '../../ui/format.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { type Database, type Picked, placeKey } from '../place.ts'
import { useObjects } from '../queries.ts'
import { openMenu, pick } from '../state.ts'
import classes from './DiagramPane.module.css'
import { forgetMoved, moveBox, useMoved } from './places.ts'
import { RelationList } from './RelationList.tsx'

interface AskedDiagram {
  /** The usual one is shown when the database has none of that name. */
  schema: string | null
  /** The table it was opened for. */
  table: string | null
}

interface DiagramPaneProps {
  database: Database
  /** Another object each time it is asked for. */
  asked: AskedDiagram
  onSchema(schema: string): void
}

/** The diagram of a schema, with what there is to find in it. */
export default function DiagramPane({ database, asked, onSchema }: DiagramPaneProps) {
  const { connection, folder } = database
  const objects = useObjects(database)
  const { data: listing } = objects
  const names = listing?.schemas.map(({ name }) => name) ?? []
  const isThere = asked.schema !== null && (!listing || names.includes(asked.schema))
  const schema = isThere ? asked.schema : (names[0] ?? null)
  const drawn = useQuery({
    queryKey: ['schema', folder, connection, 'diagram', schema],
    queryFn: ({ signal }) => api.schema.diagram({ connection, folder, schema }, { signal }),
    enabled: listing !== undefined,
    staleTime: 60_000,
  })
  const { data } = drawn
  const model = useMemo(() => data && diagramModel(data), [data])
  const failed = [objects, drawn].find(({ error, isFetching }) => error && !isFetching)
  const [keysOnly, setKeysOnly] = useState(false)
  const [look, setLook] = useState<'picture' | 'list'>('picture')
  const key = `${placeKey(database)} ${schema}`
  const choice = useChoice(asked)
  return (
    <section className={classes.pane} aria-label={`Diagram of ${schema ?? connection}`} data-region>
      <div className={classes.bar}>
        {names.length > 1 && (
          <Select
            size="xs"
            className={classes.schema}
            aria-label="Schema"
            data={names}
            value={schema}
            allowDeselect={false}
            searchable
            onChange={(name) => name !== null && onSchema(name)}
          />
        )}
        <Select
          size="xs"
          className={classes.find}
          aria-label="Find a table"
          placeholder="Find a table"
          leftSection={<IconSearch size={14} aria-hidden />}
          data={model?.boxes.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={null}
          searchable
          limit={100}
          nothingFoundMessage="No table is called so."
          onChange={(id) => id !== null && choice.show(id)}
        />
        <SegmentedControl
          size="xs"
          aria-label="Columns shown"
          value={keysOnly ? 'keys' : 'all'}
          onChange={(value) => setKeysOnly(value === 'keys')}
          data={[
            { value: 'all', label: 'All columns' },
            { value: 'keys', label: 'Keys only' },
          ]}
        />
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={look}
          onChange={(value) => setLook(value === 'list' ? 'list' : 'picture')}
          data={[
            { value: 'picture', label: 'Picture' },
            { value: 'list', label: 'List' },
          ]}
        />
        <span className={classes.count}>{model && countText(model)}</span>
        <IconButton size="sm" label="Arrange" icon={IconLayoutGrid} onClick={() => forgetMoved(key)} />
        <IconButton
          size="sm"
          label="Refresh the diagram"
          icon={IconRefresh}
          disabled={drawn.isFetching}
          onClick={() => void drawn.refetch()}
        />
      </div>
      {failed ? (
        <Unreachable thrown={failed.error} again={() => void failed.refetch()} />
      ) : !model ? (
        <Loader className={classes.loader} size="sm" aria-label="Reading the schema" />
      ) : model.boxes.length === 0 ? (
        <Empty icon={IconSchema} title="No tables to draw" description="The schema has no tables or views." />
      ) : (
        <Shown
          key={key}
          diagram={key}
          database={database}
          defaultSchema={listing?.defaultSchema ?? null}
          model={model}
          keysOnly={keysOnly}
          look={look}
          choice={choice}
          onShowPicture={() => setLook('picture')}
        />
      )}
    </section>
  )
}

interface ShownProps {
  diagram: string
  database: Database
  defaultSchema: string | null
  model: DiagramModel
  keysOnly: boolean
  look: 'picture' | 'list'
  choice: Choice
  onShowPicture(): void
}

function Shown({ diagram, database, defaultSchema, model, keysOnly, look, choice, onShowPicture }: ShownProps) {
  const moved = useMoved(diagram)
  const arranged = useMemo(() => arrangeBoxes(model, keysOnly), [model, keysOnly])
  const places = useMemo(() => ({ ...arranged, ...moved }), [arranged, moved])
  const picked = choice.picked !== null && model.byId.has(choice.picked) ? choice.picked : null
  const toPicked = ({ schema, name, kind }: Box): Picked => ({
    database,
    defaultSchema,
    schema,
    object: { schema, name, kind },
    column: null,
  })
  const onPick = (box: Box | null) => {
    choice.pick(box?.id ?? null)
    if (box) pick(toPicked(box))
  }
  if (look === 'list') {
    return (
      <RelationList
        model={model}
        onPick={(box) => {
          onPick(box)
          choice.show(box.id)
          onShowPicture()
        }}
      />
    )
  }
  return (
    <Diagram
      label={`Tables of ${database.connection}`}
      model={model}
      places={places}
      keysOnly={keysOnly}
      picked={picked}
      wanted={choice.wanted}
      onPick={onPick}
      onOpen={(box) => {
        onPick(box)
        void perform(openTableRows)
      }}
      onMenu={(box, at) => {
        onPick(box)
        openMenu(toPicked(box), at)
      }}
      onMove={(id, place) => moveBox(diagram, id, place)}
    />
  )
}

interface Choice {
  picked: string | null
  /** What is to be seen in the middle, once for each object. */
  wanted: { id: string } | null
  pick(id: string | null): void
  /** Picks a table and goes there. */
  show(id: string): void
}

/** The picked table: at first the one that the diagram was opened for. */
function useChoice(asked: AskedDiagram): Choice {
  const [picked, setPicked] = useState<string | null>(null)
  const [wanted, setWanted] = useState<{ id: string } | null>(null)
  const show = useCallback((id: string) => {
    setPicked(id)
    setWanted({ id })
  }, [])
  useEffect(() => {
    if (asked.table !== null) show(boxId(asked.schema, asked.table))
  }, [asked, show])
  return { picked, wanted, pick: setPicked, show }
}

function countText({ boxes, relations }: DiagramModel): string {
  const tables = boxes.filter(({ outside }) => !outside).length
  const word = (count: number, one: string) => `${formatCount(count)} ${count === 1 ? one : `${one}s`}`
  return `${word(tables, 'table')}, ${word(relations.length, 'relation')}`
}

function Unreachable({ thrown, again }: { thrown: unknown; again(): void }) {
  const { message, hint } = asAppError(thrown)
  return (
    <div className={classes.failed} role="alert">
      <Empty icon={IconSchema} title={message} description={hint}>
        <Button size="xs" onClick={again}>
          Try again
        </Button>
      </Empty>
    </div>
  )
}
