import { NativeSelect, SegmentedControl } from '@mantine/core'
import { IconPin, IconPinned } from '@tabler/icons-react'
import { usePipeline } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import { useTitles } from '../stores/titles.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { pinNode, showPort, useOutput, useOutputs } from './output.ts'
import classes from './results.module.css'

/** Which node and which of its outputs the panel shows. */
export function OutputPicker({ document }: { document: string }) {
  const pipeline = usePipeline(document)
  const output = useOutput(document)
  const pinned = useOutputs((state) => state.pinned[document])
  const titleOf = useTitles(document)
  const nodes = Object.keys(pipeline?.nodes ?? {})
  if (nodes.length === 0) return null
  const show = (node: string) => {
    if (pinned !== undefined) pinNode(document, node)
    else if (node !== '') select(document, { nodes: [node] })
  }
  return (
    <div className={classes.picker}>
      <NativeSelect
        aria-label="Node whose results are shown"
        size="xs"
        value={output?.node ?? ''}
        onChange={(event) => show(event.currentTarget.value)}
        data={[
          ...(output ? [] : [{ value: '', label: 'Pick a node' }]),
          ...nodes.map((node) => ({ value: node, label: titleOf(node) })),
        ]}
      />
      {output && output.ports.length > 1 && (
        <SegmentedControl
          aria-label="Output"
          className={classes.ports}
          size="xs"
          value={output.port}
          onChange={(port) => showPort(document, output.node, port)}
          data={output.ports.map(({ name, title }) => ({ value: name, label: title }))}
        />
      )}
      {output && (
        <IconButton
          label={pinned === undefined ? 'Keep showing this node' : 'Follow the picked node'}
          icon={pinned === undefined ? IconPin : IconPinned}
          pressed={pinned !== undefined}
          size="sm"
          onClick={() => pinNode(document, pinned === undefined ? output.node : null)}
        />
      )}
    </div>
  )
}
