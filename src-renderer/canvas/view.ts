import type { ReactFlowInstance } from '@xyflow/react'
import type { FlowEdge } from './flow-edges.ts'
import type { Area, FlowNode } from './flow-nodes.ts'
import { cardHeight, cardWidth, frameTitle } from './metrics.ts'
import type { Spot } from './state.ts'
import type { CanvasView } from './views.ts'

export const minZoom = 0.05
export const maxZoom = 2

const zoomStep = 1.2

/** Smaller than this, cards say only their names. */
export const farZoom = 0.55

/** Smaller than this, not even names can be read, and cards are only their shapes. */
export const tinyZoom = 0.2

type Instance = ReactFlowInstance<FlowNode, FlowEdge>

/**
 * How the view moves. In a straight line: the curve that zooms out on its way is lost at this pace, and is NaN where the middle hardly moves while
 * it zooms out.
 */
const motion = () => ({
  duration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120,
  interpolate: 'linear' as const,
})

/** The canvas on screen, for commands. @param element what takes the keys, @param pointer where the pointer is in the window, while it is over the canvas */
export function canvasView(flow: Instance, element: HTMLElement, pointer: () => Spot | null): CanvasView {
  const middle = (): Spot => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return { x: left + width / 2, y: top + height / 2 }
  }
  const areaOf = (id: string): Area | undefined => {
    const node = flow.getNode(id)
    if (!node) return undefined
    const { position, width = cardWidth, height = cardHeight } = node
    // A group may be larger than the canvas: its title is what one looks for.
    return { ...position, width, height: node.type === 'frame' ? frameTitle : height }
  }
  const isSeen = ({ x, y, width, height }: Area) => {
    const { left, top, right, bottom } = element.getBoundingClientRect()
    const start = flow.flowToScreenPosition({ x, y })
    const end = flow.flowToScreenPosition({ x: x + width, y: y + height })
    return start.x >= left && start.y >= top && end.x <= right && end.y <= bottom
  }
  let aim = { zoom: 1, until: 0 }
  // From where the last step leads, not from where it is on its way: steps in quick succession all count.
  const zoomBy = (factor: number) => {
    const now = performance.now()
    const moving = motion()
    const zoom = (now < aim.until ? aim.zoom : flow.getZoom()) * factor
    aim = { zoom: Math.min(maxZoom, Math.max(minZoom, zoom)), until: now + moving.duration }
    void flow.zoomTo(aim.zoom, moving)
  }
  const goTo = ({ x, y, width, height }: Area, options: { duration?: number }) => {
    const zoom = Math.max(flow.getZoom(), farZoom + 0.1)
    void flow.setCenter(x + width / 2, y + height / 2, { zoom, ...options })
  }
  return {
    fit(nodes) {
      void flow.fitView({
        padding: 0.12,
        maxZoom: 1,
        ...motion(),
        ...(nodes && { nodes: nodes.map((id) => ({ id })) }),
      })
    },
    zoomIn: () => zoomBy(zoomStep),
    zoomOut: () => zoomBy(1 / zoomStep),
    reset: () => void flow.zoomTo(1, motion()),
    reveal(id, centre = false) {
      const area = areaOf(id)
      if (area && (centre || !isSeen(area))) goTo(area, motion())
    },
    approach(id) {
      const area = areaOf(id)
      if (area && (flow.getZoom() < farZoom || !isSeen(area))) goTo(area, {})
    },
    pointer() {
      const { x, y } = flow.screenToFlowPosition(pointer() ?? middle(), { snapToGrid: false })
      return [x, y]
    },
    spotOf([x, y]) {
      const { left, top } = element.getBoundingClientRect()
      const client = flow.flowToScreenPosition({ x, y })
      return { x: client.x - left, y: client.y - top }
    },
    focus: () => element.focus({ preventScroll: true }),
  }
}
