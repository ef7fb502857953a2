import {
  Background,
  BackgroundVariant,
  MiniMap,
  type OnNodeDrag,
  ReactFlow,
  ReactFlowProvider,
  useNodesState,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from 'react'
import type { Place } from '../../../shared/pipeline/edit-nodes.ts'
import { matches } from '../../commands/keys.ts'
import { useFocusWhenLost } from '../../ui/focus.ts'
import { maxZoom, minZoom } from '../view.ts'
import type { Direction } from '../walk.ts'
import type { BoxPlaces } from './arrange.ts'
import { BoxView, boxElement } from './BoxView.tsx'
import classes from './Diagram.module.css'
import { DiagramControls } from './DiagramControls.tsx'
import { type BoxNode, boxNodes, type RelationEdge, relationEdges } from './flow.ts'
import { MarksContext } from './marks.ts'
import { boxHeight, boxWidth } from './metrics.ts'
import type { Box, DiagramModel } from './model.ts'
import { RelationView } from './RelationView.tsx'
import { walkBoxes } from './walk.ts'

const nodeTypes = { table: BoxView }
const edgeTypes = { relation: RelationView }
/** With more tables than this, those out of sight are not drawn. */
const manyBoxes = 60
/** Smaller than this, tables say only their names. */
const farZoom = 0.45

export interface DiagramProps {
  label: string
  model: DiagramModel
  places: BoxPlaces
  keysOnly: boolean
  picked: string | null
  /** A table to be shown in the middle, once for each object. */
  wanted: { id: string } | null
  onPick(box: Box | null): void
  onOpen(box: Box): void
  onMenu(box: Box, at: { x: number; y: number }): void
  onMove(id: string, place: Place): void
}

/** Tables of a schema and how they refer to each other, to look at and to arrange. */
export function Diagram(props: DiagramProps) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  )
}

function Picture({ label, model, places, keysOnly, picked, wanted, onPick, onOpen, onMenu, onMove }: DiagramProps) {
  const wrapper = useRef<HTMLDivElement>(null)
  useFocusWhenLost(wrapper)
  const flow = useReactFlow<BoxNode, RelationEdge>()
  const made = useMemo(() => boxNodes(model, places, keysOnly), [model, places, keysOnly])
  const edges = useMemo(() => relationEdges(model, keysOnly), [model, keysOnly])
  const [nodes, setNodes, onNodesChange] = useNodesState(made)
  useEffect(() => setNodes(made), [made, setNodes])
  const marks = useMemo(
    () => ({ picked, near: (picked !== null && model.neighbours.get(picked)) || new Set<string>() }),
    [picked, model],
  )
  const reveal = (box: Box, centre: boolean) => {
    const [x, y] = places[box.id] ?? [0, 0]
    const height = boxHeight(box, keysOnly)
    const seen = wrapper.current?.getBoundingClientRect()
    const start = flow.flowToScreenPosition({ x, y })
    const end = flow.flowToScreenPosition({ x: x + boxWidth, y: y + height })
    const inside = seen && start.x >= seen.left && start.y >= seen.top && end.x <= seen.right && end.y <= seen.bottom
    if (inside && !centre) return
    // A long table is shown from its head on.
    const middle = y + Math.min(height, (seen?.height ?? 0) * 0.8) / 2
    void flow.setCenter(x + boxWidth / 2, middle, { zoom: Math.max(flow.getZoom(), 0.7) })
  }
  useWanted(wanted, (id) => {
    const box = model.byId.get(id)
    if (box) reveal(box, true)
  })
  const pick = (box: Box) => {
    onPick(box)
    reveal(box, false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const here = picked === null ? undefined : model.byId.get(picked)
    const direction = directions[event.key]
    if (direction && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const next = model.byId.get(walkBoxes(places, marks.near, picked, direction) ?? '')
      if (next) pick(next)
    } else if (matches('Enter', event) && here) onOpen(here)
    else if ((matches('shift+F10', event) || event.key === 'ContextMenu') && here) {
      const { left = 0, top = 0 } = document.getElementById(boxElement(here.id))?.getBoundingClientRect() ?? {}
      onMenu(here, { x: left + 16, y: top + 24 })
    } else if (matches('Escape', event) && here) onPick(null)
    else if (matches('+', event) || matches('=', event)) void flow.zoomIn()
    else if (matches('-', event)) void flow.zoomOut()
    else if (matches('0', event)) void flow.fitView({ padding: 0.08, maxZoom: 1 })
    else if (matches('1', event)) void flow.zoomTo(1)
    else return
    event.preventDefault()
  }
  return (
    <div className={classes.stage}>
      <div
        ref={wrapper}
        className={classes.diagram}
        role="application"
        aria-label={label}
        aria-roledescription="diagram of tables"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus, and keys do everything on it
        tabIndex={0}
        {...(picked !== null && { 'aria-activedescendant': boxElement(picked) })}
        onKeyDown={onKeyDown}
        onPointerDownCapture={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
      >
        <FarMark wrapper={wrapper} />
        <MarksContext value={marks}>
          <ReactFlow<BoxNode, RelationEdge>
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            onNodesChange={onNodesChange}
            onNodeClick={(_, { data }) => onPick(data.box)}
            onNodeDoubleClick={(_, { data }) => onOpen(data.box)}
            onNodeContextMenu={(event: MouseEvent, { data }) => {
              event.preventDefault()
              onMenu(data.box, { x: event.clientX, y: event.clientY })
            }}
            onNodeDragStop={dropped(onMove)}
            onPaneClick={() => onPick(null)}
            fitView
            fitViewOptions={{ padding: 0.08, maxZoom: 1, minZoom: 0.2 }}
            minZoom={minZoom}
            maxZoom={maxZoom}
            onlyRenderVisibleElements={nodes.length > manyBoxes}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            elementsSelectable={false}
            disableKeyboardA11y
            deleteKeyCode={null}
            zoomOnDoubleClick={false}
            nodeDragThreshold={2}
            proOptions={{ hideAttribution: true }}
          >
            <Background variant={BackgroundVariant.Dots} gap={20} size={1} className={classes.dots} />
            <MiniMap<BoxNode>
              pannable
              zoomable
              ariaLabel="Minimap"
              className={classes.minimap}
              nodeClassName={({ id }) => (id === picked ? (classes.mapPicked ?? '') : (classes.mapBox ?? ''))}
              nodeBorderRadius={8}
            />
          </ReactFlow>
        </MarksContext>
      </div>
      <DiagramControls />
    </div>
  )
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

const dropped =
  (onMove: DiagramProps['onMove']): OnNodeDrag<BoxNode> =>
  (_event, { id, position: { x, y } }) =>
    onMove(id, [Math.round(x), Math.round(y)])

/** Shows what is wanted, once for each wish and after the tables are drawn. */
function useWanted(wanted: { id: string } | null, show: (id: string) => void): void {
  const ready = useStore(({ width }) => width > 0)
  const shown = useRef<{ id: string } | null>(null)
  useEffect(() => {
    if (!wanted || !ready || shown.current === wanted) return
    shown.current = wanted
    // The first picture is fitted into the window before anything else can be shown.
    const frame = requestAnimationFrame(() => show(wanted.id))
    return () => cancelAnimationFrame(frame)
  })
}

/** Marks the diagram while it is seen from afar; the tables themselves need not know. */
function FarMark({ wrapper }: { wrapper: { current: HTMLDivElement | null } }) {
  const far = useStore(({ transform }) => transform[2] < farZoom)
  useEffect(() => {
    wrapper.current?.toggleAttribute('data-far', far)
  }, [far, wrapper])
  return null
}
