import { activeDocument, type OpenDocument, useDocuments } from '../stores/documents.ts'
import { useWindow } from '../stores/window.ts'

/** Behind another screen nobody sees what happens to a pipeline, so that commands mean the one in front only while it is shown. */
const isShown = () => useWindow.getState().screen === 'pipelines'

/** The tab of the pipeline on screen; it may hold a file that cannot be read. */
export const tabInFront = (): string | null => (isShown() ? useDocuments.getState().active : null)

/** The pipeline on screen. */
export const documentInFront = (): OpenDocument | undefined => (isShown() ? activeDocument() : undefined)
