import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'

export interface FolderEntry {
  name: string
  /** Absolute. */
  path: string
  kind: 'folder' | 'file'
  /** Bytes; 0 for folders. */
  size: number
  /** ISO 8601. */
  modified: string
}

export interface Folder {
  /** Absolute. */
  folder: string
  /** Null at the root. */
  parent: string | null
  /** Folders first, then files, by name. */
  entries: FolderEntry[]
}

/** A pipeline file as it is on disk. */
export interface PipelineText {
  /** Absolute. */
  path: string
  folder: string
  text: string
  /** SHA-256 of the bytes, hex. */
  hash: string
}

export interface RecentFile {
  path: string
  name: string
  openedAt: string
  exists: boolean
}

export interface Sample {
  id: string
  title: string
  description: string
  /** The user's own copy, under the workspace. */
  path: string
  /** It asks a web service on this machine, which comes with the sample and starts when the sample is opened. */
  service: boolean
}

/** Work that is not saved: kept apart from its file until it is saved or given up. */
export interface Draft {
  id: string
  /** Its file; null for one never saved. */
  path: string | null
  name: string
  text: string
  /** Hash of the file the work began from; null for one never saved. */
  base: string | null
  savedAt: string
}

const filters = z.array(z.object({ name: z.string(), extensions: z.array(z.string()) })).optional()
const path = z.object({ path: z.string().min(1) })

export const files = {
  /** The system's own dialog, on the desktop only; null when it was cancelled. */
  pick: oc
    .input(
      z.object({
        purpose: z.enum(['open', 'save', 'folder']),
        title: z.string(),
        start: z.string().optional(),
        filters,
      }),
    )
    .output(type<string | null>()),
  list: oc
    .input(z.object({ folder: z.string().optional(), extensions: z.array(z.string()).optional() }))
    .output(type<Folder>()),
  readPipeline: oc.input(path).output(type<PipelineText>()),
  /**
   * Writes whole or not at all. `expected` is the hash the file must still have, null when it must not exist; left out, whatever
   * is there is replaced. @throws FILE_CONFLICT
   */
  writePipeline: oc
    .input(z.object({ path: z.string().min(1), text: z.string(), expected: z.string().nullable().optional() }))
    .output(type<PipelineText>()),
  /** Tells the hash of each file, now and whenever it changes on disk; null when it is gone. */
  watch: oc
    .input(z.object({ paths: z.array(z.string()).max(100) }))
    .output(eventIterator(type<{ path: string; hash: string | null }>())),
  /**
   * Bytes dropped into a browser window, where no path is known: kept under the workspace. In order, `offset` being what was sent
   * before; with the last piece the file gets its name. @throws FILE_WRITE
   */
  receive: oc
    .input(
      z.object({
        name: z.string().min(1),
        upload: z.string(),
        offset: z.int().min(0),
        base64: z.string(),
        last: z.boolean(),
      }),
    )
    .output(type<{ path: string; size: number }>()),
  samples: oc.output(type<Sample[]>()),
  recent: oc.output(type<RecentFile[]>()),
  remember: oc.input(z.object({ path: z.string(), name: z.string() })),
  forget: oc.input(path),
  /**
   * Holds a window for as long as the stream is open: its drafts are nobody else's. The one item says by which id it is held, which is another than
   * the given where that one is held already.
   */
  holdWindow: oc.input(z.object({ window: z.string() })).output(eventIterator(type<{ window: string }>())),
  /** The window's drafts, and those of windows that are gone, which are its own from now on. */
  drafts: oc.input(z.object({ window: z.string() })).output(type<Draft[]>()),
  keepDraft: oc.input(
    z.object({
      window: z.string(),
      id: z.string(),
      path: z.string().nullable(),
      name: z.string(),
      text: z.string(),
      base: z.string().nullable(),
    }),
  ),
  dropDraft: oc.input(z.object({ window: z.string(), id: z.string() })),
}
