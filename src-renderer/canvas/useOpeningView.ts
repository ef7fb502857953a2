import { useReactFlow, type Viewport } from '@xyflow/react'
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import { useDocuments, usePipeline } from '../stores/documents.ts'
import { placesOf } from './actions.ts'
import { cardHeight, cardWidth, noteSize } from './metrics.ts'
import { useFoundPlaces } from './state.ts'
import { farZoom } from './view.ts'

/** What each canvas showed when it was left. */
const viewports = new Map<string, Viewport>()
useDocuments.subscribe(({ documents }) => {
  for (const id of viewports.keys()) if (!documents[id]) viewports.delete(id)
})

const margin = 40
/** Pixels at the lower edge that the controls stand in. */
const controls = 46

/** Where a canvas opens: as it was left, else so that all of it can be seen, else, were that too small to read, at its beginning. */
export function useOpeningView(document: string, wrapper: RefObject<HTMLElement | null>) {
  const { setViewport } = useReactFlow()
  const pipeline = usePipeline(document)
  const found = useFoundPlaces(document)
  const shown = useRef(viewports.has(document))
  const show = useCallback(() => {
    const box = wrapper.current?.getBoundingClientRect()
    if (shown.current || !box || !pipeline) return
    const notes = Object.values(pipeline.notes).map(({ at, size }) => [...at, ...(size ?? noteSize)] as const)
    const places = placesOf(document)
    const cards = Object.keys(pipeline.nodes).flatMap((id) => {
      const place = places[id]
      return place ? [[...place, cardWidth, cardHeight] as const] : []
    })
    const boxes = [...cards, ...notes]
    if (cards.length < Object.keys(pipeline.nodes).length) return
    shown.current = true
    // What is put on an empty canvas stays where it was put.
    if (boxes.length > 0) void setViewport(openingViewport(boxes, box))
  }, [document, pipeline, setViewport, wrapper])
  // Nodes without a place get one a moment later.
  useEffect(() => {
    if (found) show()
  }, [found, show])
  const onMoveEnd = useCallback(
    (_event: unknown, viewport: Viewport) => {
      viewports.set(document, viewport)
    },
    [document],
  )
  return {
    ...(viewports.has(document) && { defaultViewport: viewports.get(document) }),
    onInit: show,
    onMoveEnd,
  }
}

function openingViewport(
  boxes: readonly (readonly [number, number, number, number])[],
  { width, height: whole }: { width: number; height: number },
): Viewport {
  const height = Math.max(whole - controls, whole / 2)
  const left = Math.min(...boxes.map(([x]) => x))
  const top = Math.min(...boxes.map(([, y]) => y))
  const wide = Math.max(...boxes.map(([x, , w]) => x + w)) - left
  const high = Math.max(...boxes.map(([, y, , h]) => y + h)) - top
  const zoom = Math.min(1, (width - 2 * margin) / wide, (height - 2 * margin) / high)
  if (zoom >= farZoom * 0.7) {
    return { zoom, x: (width - wide * zoom) / 2 - left * zoom, y: (height - high * zoom) / 2 - top * zoom }
  }
  const readable = 0.8
  // The first source stands in the middle of the left edge.
  const first = boxes.reduce((best, box) => (box[0] < best[0] ? box : best))
  return { zoom: readable, x: margin - left * readable, y: height / 2 - (first[1] + first[3] / 2) * readable }
}
