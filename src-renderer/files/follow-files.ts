import { api } from '../api/client.ts'
import { documentChangedOutside, documentOf, tabOf, useDocuments } from '../stores/documents.ts'
import { useLink } from '../stores/link.ts'
import { saved } from './save.ts'

let watching = new AbortController()
let watched = ''

/** Notices when other programs change files that are open; called once. */
export function followFiles(): void {
  const follow = () => {
    const paths = openPaths()
    if (paths.join('\n') === watched) return
    watched = paths.join('\n')
    watching.abort()
    watching = new AbortController()
    if (paths.length > 0) void watch(paths, watching.signal)
  }
  useDocuments.subscribe(follow)
  useLink.subscribe(({ times }, before) => {
    if (times === before.times) return
    watched = ''
    follow()
  })
  follow()
}

const maxWatched = 100

const openPaths = (): string[] =>
  Object.values(useDocuments.getState().documents)
    .flatMap(({ path }) => path ?? [])
    .sort()
    .slice(0, maxWatched)

async function watch(paths: string[], signal: AbortSignal): Promise<void> {
  try {
    for await (const { path, hash } of await api.files.watch({ paths }, { signal })) {
      const id = tabOf(path)
      if (id !== undefined) void take(id, path, hash)
    }
  } catch {
    // The engine went away, or other files are watched now: whoever comes next starts anew.
  }
}

/** What is written by this window itself is no news. */
async function take(id: string, path: string, hash: string | null): Promise<void> {
  await saved(id)
  if (documentOf(id)?.path === path) documentChangedOutside(id, hash)
}
