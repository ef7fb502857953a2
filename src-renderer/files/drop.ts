import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import { asAppError } from '../api/client.ts'
import { pathOfFile } from '../api/desktop.ts'
import { cardHeight, cardWidth } from '../canvas/metrics.ts'
import { viewOf } from '../canvas/views.ts'
import { useDocuments } from '../stores/documents.ts'
import { showError, showNotice } from '../ui/notify.ts'
import { newDocumentFrom, openFile } from './actions.ts'
import { addDataFile, dataExtensions, isDataFile, isPipelineFile } from './data-files.ts'
import { placeOf } from './upload.ts'

/** Opens what was dropped into the window: pipelines in tabs, files with rows as nodes where they were dropped. */
export async function dropFiles(files: readonly File[], client: { x: number; y: number }): Promise<void> {
  const [x, y] = placeUnder(client) ?? [undefined, undefined]
  let count = 0
  for (const file of files) {
    try {
      if (isPipelineFile(file.name)) await openDropped(file)
      else if (isDataFile(file.name)) {
        const path = await placeOf(file)
        await addDataFile(path, x === undefined ? undefined : [x, y + 120 * count++])
      } else {
        const known = dataExtensions.filter((end) => !end.includes('.')).join(', ')
        showNotice(`${file.name} is neither a pipeline nor a file with rows (${known}).`, 'Nothing to open')
      }
    } catch (thrown) {
      showError(asAppError(thrown), `${file.name} could not be opened`)
    }
  }
}

/** A browser does not tell where the file lies, so that it opens as a pipeline still to be saved. */
async function openDropped(file: File): Promise<void> {
  const path = pathOfFile(file)
  if (path === null) await newDocumentFrom(await file.text())
  else await openFile(path)
}

/** Where a card stands whose middle is under a point of the window; undefined outside the canvas. */
function placeUnder({ x, y }: { x: number; y: number }): Place | undefined {
  const element = window.document.elementFromPoint(x, y)?.closest('[data-canvas]')
  const view = viewOf(useDocuments.getState().active ?? '')
  if (!element || !view) return undefined
  const { left, top } = element.getBoundingClientRect()
  const origin = view.spotOf([0, 0])
  const scale = (view.spotOf([1_000, 0]).x - origin.x) / 1_000
  return [(x - left - origin.x) / scale - cardWidth / 2, (y - top - origin.y) / scale - cardHeight / 2]
}
