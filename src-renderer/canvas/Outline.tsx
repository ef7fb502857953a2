import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { memo, useState } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { topologicalOrder } from '../../shared/pipeline/graph.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { usePipeline } from '../stores/documents.ts'
import { select, useSelections } from '../stores/selection.ts'
import { stateWords } from './card-state.ts'
import { iconOf } from './icons.ts'
import classes from './Outline.module.css'
import { KindIcon } from './Picker.tsx'
import { StateIcon } from './StateIcon.tsx'
import { useCardLooks, useNode } from './useCard.ts'
import { viewOf } from './views.ts'

/** What is on the canvas, in the order it runs. */
export function Outline({ document }: { document: string }) {
  const pipeline = usePipeline(document)
  const [typed, setTyped] = useState('')
  const words = typed.trim().toLowerCase()
  const ids = pipeline ? inOrder(pipeline) : []
  const found = ids.filter((id) => `${pipeline?.nodes[id]?.title ?? ''} ${id}`.toLowerCase().includes(words))
  return (
    <div className={classes.outline}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label="Search the outline"
        placeholder="Search"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <ol className={classes.list} aria-label="Nodes in the order they run">
        {found.map((id) => (
          <Item key={id} document={document} id={id} />
        ))}
      </ol>
      {found.length === 0 && (
        <p className={classes.none}>
          {ids.length === 0 ? 'Nodes that you add are listed here.' : 'No node is called so.'}
        </p>
      )}
    </div>
  )
}

const Item = memo(function Item({ document, id }: { document: string; id: string }) {
  const node = useNode(document, id)
  const { state, counts } = useCardLooks(document, id)
  const picked = useSelections(({ selections }) => selections[document]?.nodes.includes(id) ?? false)
  const definition = registry.get(node?.kind ?? '')
  return (
    <li className={classes.row}>
      <button
        type="button"
        className={classes.item}
        aria-current={picked || undefined}
        onClick={() => {
          select(document, { nodes: [id] })
          viewOf(document)?.reveal(id, true)
        }}
      >
        <KindIcon icon={iconOf(definition?.icon)} category={definition?.category} />
        <span className={classes.title}>{node?.title ?? id}</span>
        <span className={classes.count}>{counts?.short}</span>
        <span className={classes.state}>
          <StateIcon state={state} size={13} />
          {stateWords[state]}
        </span>
      </button>
    </li>
  )
})

/** In the order they run; in that of the document while edges go in a circle. */
function inOrder(pipeline: Pipeline): string[] {
  try {
    return topologicalOrder(pipeline)
  } catch {
    return Object.keys(pipeline.nodes)
  }
}
