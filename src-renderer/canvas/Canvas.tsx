import { VisuallyHidden } from '@mantine/core'
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useKeyPress,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { type MouseEvent, useCallback, useEffect, useMemo, useRef } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { gridStep } from '../../shared/pipeline/edit-arrange.ts'
import { edgeId } from '../../shared/pipeline/edit-edges.ts'
import { add } from '../commands/add.ts'
import { perform } from '../commands/perform.ts'
import { useDocuments, usePipeline } from '../stores/documents.ts'
import { select, selectionOf, useSelection } from '../stores/selection.ts'
import { useSettings } from '../stores/settings.ts'
import classes from './Canvas.module.css'
import { CanvasControls } from './CanvasControls.tsx'
import { Card } from './Card.tsx'
import { EmptyCanvas } from './EmptyCanvas.tsx'
import { cardElement, frameElement, noteElement } from './elements.ts'
import { FollowedColumn } from './FollowedColumn.tsx'
import { FrameView } from './FrameView.tsx'
import type { FlowEdge } from './flow-edges.ts'
import { type FlowNode, frameNode, noteNode } from './flow-nodes.ts'
import { NoteView } from './NoteView.tsx'
import { Overlays } from './Overlays.tsx'
import { closeOverlay, openOverlay, type Spot } from './state.ts'
import { typeInPlace } from './typing.ts'
import { useClipboard } from './useClipboard.ts'
import { useConnecting } from './useConnecting.ts'
import { useDropping } from './useDropping.ts'
import { useFlow } from './useFlow.ts'
import { useMissingPlaces } from './useMissingPlaces.ts'
import { useOpeningView } from './useOpeningView.ts'
import { canvasView, farZoom, maxZoom, minZoom, tinyZoom } from './view.ts'
import { registerView } from './views.ts'
import { WireView } from './WireView.tsx'

const nodeTypes = { card: Card, note: NoteView, frame: FrameView }
const edgeTypes = { wire: WireView }
const grid: [number, number] = [gridStep, gridStep]
const several = ['Shift', 'Meta', 'Control']
/** With more edges than this, only picked ones have ends to drag: each end is one more thing to draw. */
const manyEdges = 300
/** With more nodes than this, those out of sight are not drawn. */
const manyNodes = 150

/** The graph of a document, to look at and to edit. */
export function Canvas({ document }: { document: string }) {
  return (
    <ReactFlowProvider>
      <Graph document={document} />
    </ReactFlowProvider>
  )
}

function Graph({ document }: { document: string }) {
  const wrapper = useRef<HTMLDivElement>(null)
  const pointer = useRef<Spot | null>(null)
  const { nodes, edges, settle, onNodesChange, onEdgesChange } = useFlow(document)
  const instance = useReactFlow<FlowNode, FlowEdge>()
  const spots = useMemo(() => {
    const toSpot = ({ x, y }: Spot): Spot => {
      const box = wrapper.current?.getBoundingClientRect()
      return { x: x - (box?.left ?? 0), y: y - (box?.top ?? 0) }
    }
    return {
      toSpot,
      toPlace: (client: Spot) => instance.screenToFlowPosition(client, { snapToGrid: false }),
      toClient: (place: Spot) => instance.flowToScreenPosition(place),
      settle,
    }
  }, [instance, settle])
  const connecting = useConnecting(document, spots)
  const { onDragOver, onDragLeave, onDrop, ...dragging } = useDropping(document, spots)
  const clicks = useClicks(document, spots.toSpot)
  const nodeClass = useCallback((node: FlowNode) => minimapClass(document, node), [document])
  const minimap = useSettings(({ layout }) => layout['canvas.minimap'] !== false)
  useMissingPlaces(document)
  const opening = useOpeningView(document, wrapper)
  // With Space a drag moves the view, wherever it begins.
  const panning = useKeyPress('Space')
  useClipboard(document)
  useEffect(() => {
    const element = wrapper.current
    return element
      ? registerView(
          document,
          canvasView(instance, element, () => pointer.current),
        )
      : undefined
  }, [document, instance])
  useEffect(() => closeOverlay, [])
  useKeysOfPage(wrapper)
  return (
    <div className={classes.stage}>
      <div
        ref={wrapper}
        className={classes.canvas}
        data-canvas
        role="application"
        aria-label="Canvas"
        aria-roledescription="graph of nodes"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus, and keys do everything on it
        tabIndex={0}
        {...useActive(document)}
        onKeyDown={(event) => {
          if (event.key !== 'Tab' || event.shiftKey || event.target !== event.currentTarget) return
          event.preventDefault()
          void perform(add)
        }}
        onKeyDownCapture={({ currentTarget }) => currentTarget.removeAttribute('data-pointed')}
        onPointerDownCapture={({ target, currentTarget }) => {
          // A click after a key would still count as one, and show the ring that is for keys.
          currentTarget.toggleAttribute('data-pointed', true)
          if (target instanceof Element && !target.closest('input, textarea'))
            currentTarget.focus({ preventScroll: true })
        }}
        onPointerMove={({ clientX, clientY }) => {
          pointer.current = { x: clientX, y: clientY }
        }}
        onPointerLeave={() => {
          pointer.current = null
        }}
        onDragOver={onDragOver}
        onDragLeave={onDragLeave}
        onDrop={onDrop}
        onDoubleClick={(event) => {
          if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return
          const client = { x: event.clientX, y: event.clientY }
          const { x, y } = spots.toPlace(client)
          openOverlay(document, { type: 'add', spot: spots.toSpot(client), at: [x, y] })
        }}
      >
        <FarMark wrapper={wrapper} />
        <ReactFlow<FlowNode, FlowEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          {...connecting}
          {...dragging}
          {...clicks}
          {...opening}
          minZoom={minZoom}
          maxZoom={maxZoom}
          snapToGrid
          snapGrid={grid}
          onlyRenderVisibleElements={nodes.length > manyNodes}
          edgesReconnectable={edges.length <= manyEdges}
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          multiSelectionKeyCode={several}
          selectionMode={SelectionMode.Partial}
          zoomOnDoubleClick={false}
          panOnScroll={false}
          connectionRadius={28}
          reconnectRadius={12}
          nodeDragThreshold={2}
          nodesDraggable={!panning}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={gridStep} size={1} className={classes.dots} />
          {minimap && nodes.length > 0 && (
            <MiniMap<FlowNode>
              pannable
              zoomable
              ariaLabel="Minimap"
              className={classes.minimap}
              nodeClassName={nodeClass}
              nodeBorderRadius={12}
            />
          )}
        </ReactFlow>
      </div>
      <PickedEdge document={document} />
      <EmptyCanvas document={document} />
      <FollowedColumn document={document} />
      <CanvasControls document={document} />
      <Overlays document={document} />
    </div>
  )
}

/** The page itself counts as the canvas: it takes the focus that nothing has, and Tab that would begin at the edge of the window. */
function useKeysOfPage(wrapper: { current: HTMLElement | null }): void {
  useEffect(() => {
    const { body } = window.document
    if (window.document.activeElement === body) wrapper.current?.focus({ preventScroll: true })
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Tab' || event.shiftKey || event.target !== body || event.defaultPrevented) return
      if (window.document.querySelector('[aria-modal="true"]')) return
      event.preventDefault()
      wrapper.current?.focus({ preventScroll: true })
      void perform(add)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [wrapper])
}

/** Tells those who cannot see it what is picked. */
function useActive(document: string): { 'aria-activedescendant'?: string } {
  const { nodes, notes, groups } = useSelection(document)
  const picked = [...nodes.map(cardElement), ...notes.map(noteElement), ...groups.map(frameElement)]
  return picked.length === 1 ? { 'aria-activedescendant': picked[0] } : {}
}

/** Says which edge is picked: what draws edges leaves them no ids to point at. */
function PickedEdge({ document }: { document: string }) {
  const pipeline = usePipeline(document)
  const { edges } = useSelection(document)
  const only = edges.length === 1 ? pipeline?.edges.find((edge) => edgeId(edge) === edges[0]) : undefined
  const named = (id: string) => pipeline?.nodes[id]?.title ?? id
  return (
    <VisuallyHidden aria-live="polite">{only && `Edge from ${named(only.from)} to ${named(only.to)}`}</VisuallyHidden>
  )
}

/** Marks the canvas while it is seen from afar; the cards themselves need not know. */
function FarMark({ wrapper }: { wrapper: { current: HTMLDivElement | null } }) {
  const far = useStore(({ transform }) => transform[2] < farZoom)
  const tiny = useStore(({ transform }) => transform[2] < tinyZoom)
  useEffect(() => {
    wrapper.current?.toggleAttribute('data-far', far)
    wrapper.current?.toggleAttribute('data-tiny', tiny)
  }, [far, tiny, wrapper])
  return null
}

function minimapClass(document: string, { id, type }: FlowNode): string {
  if (type !== 'card') return classes.mapPaper ?? ''
  const kind = useDocuments.getState().documents[document]?.history.present.nodes[id]?.kind
  return classes[`map-${registry.get(kind ?? '')?.category ?? 'transform'}`] ?? ''
}

/** Menus, and names and texts to type. */
function useClicks(document: string, toSpot: (client: Spot) => Spot) {
  const open = useCallback(
    (event: MouseEvent | globalThis.MouseEvent, target: 'node' | 'edge' | 'note' | 'group' | 'canvas') => {
      event.preventDefault()
      openOverlay(document, { type: 'menu', target, spot: toSpot({ x: event.clientX, y: event.clientY }) })
    },
    [document, toSpot],
  )
  return useMemo(
    () => ({
      onNodeContextMenu: (event: MouseEvent, node: FlowNode) => {
        const { nodes, notes, groups } = selectionOf(document)
        const picked = [...nodes, ...notes.map(noteNode), ...groups.map(frameNode)]
        if (!picked.includes(node.id)) {
          if (node.type === 'card') select(document, { nodes: [node.id] })
          if (node.type === 'note') select(document, { notes: [node.data.note] })
          if (node.type === 'frame') select(document, { groups: [node.data.group] })
        }
        open(event, node.type === 'card' ? 'node' : node.type === 'note' ? 'note' : 'group')
      },
      onNodeDoubleClick: (_event: unknown, node: FlowNode) => {
        if (node.type === 'card') typeInPlace(document, 'node', node.id)
        if (node.type === 'note') typeInPlace(document, 'note', node.data.note)
        if (node.type === 'frame') typeInPlace(document, 'group', node.data.group)
      },
      onSelectionContextMenu: (event: MouseEvent) => open(event, 'node'),
      onEdgeContextMenu: (event: MouseEvent, { id }: FlowEdge) => {
        if (!selectionOf(document).edges.includes(id)) select(document, { edges: [id] })
        open(event, 'edge')
      },
      onPaneContextMenu: (event: MouseEvent | globalThis.MouseEvent) => open(event, 'canvas'),
    }),
    [document, open],
  )
}
