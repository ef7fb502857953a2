import { create } from 'zustand'
import type { ExportProgress, exportFormats } from '../../shared/contract/results.ts'
import { api, asAppError } from '../api/client.ts'
import { pickFile } from '../files/pick.ts'
import { formatRows } from '../ui/format.ts'
import { showError, showNotice } from '../ui/notify.ts'
import type { ShownGrid } from './shown-grid.ts'
import { asRowView, viewOf } from './views.ts'

export interface RunningExport extends ExportProgress {
  id: string
  path: string
  stop(): void
}

/** Exports that go on. */
export const useExports = create<{ running: readonly RunningExport[] }>()(() => ({ running: [] }))

/** Asks for a file and writes all rows of the view into it, in the background. */
export async function exportRows(
  { source, key, name }: Pick<ShownGrid, 'source' | 'key' | 'name'>,
  format: (typeof exportFormats)[number],
): Promise<void> {
  const path = await pickFile({
    purpose: 'save',
    title: 'Export rows',
    extensions: [format],
    name: `${name}.${format}`,
  })
  if (path === null) return
  const id = crypto.randomUUID()
  const abort = new AbortController()
  const put = (progress: ExportProgress) =>
    useExports.setState(({ running }) => ({
      running: [...running.filter((other) => other.id !== id), { ...progress, id, path, stop: () => abort.abort() }],
    }))
  put({ rows: 0, total: 0, bytes: 0, done: false })
  try {
    const request = { source, view: asRowView(viewOf(key)), format, path }
    for await (const progress of await api.results.export(request, { signal: abort.signal })) {
      if (progress.done) showNotice(`Exported ${formatRows(progress.rows)} to ${path}.`)
      else put(progress)
    }
  } catch (thrown) {
    if (abort.signal.aborted) showNotice('The export was stopped; nothing was left behind.')
    else showError(asAppError(thrown), 'The rows were not exported')
  } finally {
    useExports.setState(({ running }) => ({ running: running.filter((other) => other.id !== id) }))
  }
}
