import { changeNote } from '../../shared/pipeline/edit-frames.ts'
import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { changeDocument } from '../stores/documents.ts'
import { noteSize, smallestNote } from './metrics.ts'

/** Makes notes so much wider and taller, or smaller, down to the smallest a note can be; a burst of it is one step. */
export function resizeNotes(document: string, ids: readonly string[], [wider, taller]: Place): void {
  const resize = (pipeline: Pipeline, id: string): Pipeline => {
    const [width, height] = pipeline.notes[id]?.size ?? noteSize
    const size: Place = [Math.max(smallestNote[0], width + wider), Math.max(smallestNote[1], height + taller)]
    return size[0] === width && size[1] === height ? pipeline : changeNote(pipeline, id, { size })
  }
  changeDocument(document, (pipeline) => ids.reduce(resize, pipeline), `canvas.resize ${ids.join(' ')}`)
}
