import { Select, Switch, TextInput } from '@mantine/core'
import { IconArrowNarrowRight } from '@tabler/icons-react'
import { useState } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { connect, edgeId, freeInput, mainOutput, refusal, type Wish } from '../../shared/pipeline/edit-edges.ts'
import { renameInput } from '../../shared/pipeline/edit-inputs.ts'
import type { Edge, Pipeline } from '../../shared/pipeline/schema.ts'
import { changeDocument, documentOf, usePipeline } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import classes from './inspector.module.css'
import { PanelHeader } from './PanelHeader.tsx'

/** What an edge joins, and whether rows pass or it only sets the order. */
export function EdgeInspector({ document, edge: id }: { document: string; edge: string }) {
  const pipeline = usePipeline(document)
  const [problem, setProblem] = useState<{ edge: string; message: string }>()
  const edge = pipeline?.edges.find((candidate) => edgeId(candidate) === id)
  if (!pipeline || !edge) return null
  const source = registry.get(pipeline.nodes[edge.from]?.kind ?? '')
  const target = registry.get(pipeline.nodes[edge.to]?.kind ?? '')
  const outputs = source?.outputs ?? []
  const inputs = target?.inputs ?? []
  const named = inputs.find((port) => port.named)
  const tell = (message: string | undefined) => setProblem(message === undefined ? undefined : { edge: id, message })
  const rewire = (wish: Wish) => {
    const refused = refusal(pipeline, registry, wish, id)
    tell(refused)
    if (refused === undefined) change(document, (before) => connect(before, registry, wish, id))
  }
  const ends = { from: edge.from, to: edge.to }
  const fromPort = edge.fromPort ?? 'out'
  const toPort = named ? named.name : (edge.toPort ?? inputs[0]?.name ?? 'in')
  const toggle = (after: boolean) => {
    if (after) return rewire({ ...ends, after: true })
    const output = source && mainOutput(source)
    const input = freeInput(pipeline, registry, edge.to)
    if (!output || !input) return tell('No rows can pass between these two nodes.')
    rewire({ ...ends, fromPort: output.name, toPort: input.name })
  }
  return (
    <div className={classes.panel}>
      <PanelHeader icon={IconArrowNarrowRight} title="Edge" kind={edge.after ? 'Order only' : 'Rows pass'} />
      <div className={classes.body}>
        <div className={classes.fields}>
          <End document={document} pipeline={pipeline} label="From" node={edge.from} />
          {!edge.after && outputs.length > 1 && (
            <Select
              label="Output"
              allowDeselect={false}
              data={outputs.map(({ name, title }) => ({ value: name, label: title }))}
              value={fromPort}
              onChange={(port) => port !== null && rewire({ ...ends, fromPort: port, toPort })}
            />
          )}
          <End document={document} pipeline={pipeline} label="To" node={edge.to} />
          {!edge.after && !named && inputs.length > 1 && (
            <Select
              label="Input"
              allowDeselect={false}
              data={inputs.map(({ name, title }) => ({ value: name, label: title }))}
              value={toPort}
              onChange={(port) => port !== null && rewire({ ...ends, fromPort, toPort: port })}
            />
          )}
          {!edge.after && named && <AliasField key={id} document={document} edge={edge} />}
          <Switch
            label="Order only: it starts afterwards, and no rows pass"
            checked={edge.after === true}
            onChange={({ currentTarget }) => toggle(currentTarget.checked)}
          />
          {problem?.edge === id && (
            <div className={classes.notice} role="alert">
              {problem.message}
            </div>
          )}
        </div>
      </div>
    </div>
  )
}

/** Changes the edge and keeps it picked: its id says what it joins. */
function change(document: string, edit: (pipeline: Pipeline) => Pipeline): void {
  const before = documentOf(document)?.history.present
  changeDocument(document, edit)
  const after = documentOf(document)?.history.present
  const known = new Set(before?.edges.map(edgeId))
  const made = after?.edges.map(edgeId).find((candidate) => !known.has(candidate))
  if (made !== undefined) select(document, { edges: [made] })
}

function End(props: { document: string; pipeline: Pipeline; label: string; node: string }) {
  const { document, pipeline, label, node } = props
  return (
    <div>
      <div className={classes.kind}>{label}</div>
      <button type="button" className={classes.link} onClick={() => select(document, { nodes: [node] })}>
        {pipeline.nodes[node]?.title ?? node}
      </button>
    </div>
  )
}

/** The table under which SQL reads the rows of the edge. */
function AliasField({ document, edge }: { document: string; edge: Edge }) {
  const [text, setText] = useState(edge.toPort ?? 'in')
  const name = text.trim()
  const taken = documentOf(document)?.history.present.edges.some(
    (other) => other !== edge && other.to === edge.to && (other.toPort ?? 'in').toLowerCase() === name.toLowerCase(),
  )
  const problem = name === '' ? 'Fill this in.' : taken ? `Another edge is called ${name} already.` : undefined
  const rename = () => {
    if (problem === undefined) change(document, (before) => renameInput(before, edgeId(edge), name))
  }
  return (
    <TextInput
      label="Table name in SQL"
      description={name === 'in' ? 'Unnamed rows are the table input.' : undefined}
      value={text}
      error={problem}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={rename}
      onKeyDown={({ key }) => key === 'Enter' && rename()}
    />
  )
}
