import { create } from 'zustand'
import { api } from '../api/client.ts'
import { programInfo } from '../stores/program.ts'
import { joinPath } from './paths.ts'

export interface PickOptions {
  /** `save` lets the user name a file that is not there yet, and asks before one that is there is replaced. */
  purpose: 'open' | 'save' | 'folder'
  title: string
  /** Endings to show, without a dot: `csv`, `pipeline.json`. The first is added to a new name. All files when left out. */
  extensions?: readonly string[]
  /** Absolute folder to start in; where the user was last, when left out. */
  start?: string
  /** For `save`: the name suggested. */
  name?: string
}

export interface PickRequest extends PickOptions {
  /** Another one for each question. */
  id: number
  answer(path: string | null): void
}

let asked = 0

/** The question that the dialog in the page shows now. */
export const usePick = create<{ request: PickRequest | null }>()(() => ({ request: null }))

/** Asks for a file or folder: by the system's dialog on the desktop, by one in the page elsewhere. @returns an absolute path, null when cancelled */
export async function pickFile(options: PickOptions): Promise<string | null> {
  const { host } = await programInfo()
  return host === 'desktop' ? pickNative(options) : pickInPage(options)
}

function pickNative({ purpose, title, extensions, start, name }: PickOptions): Promise<string | null> {
  const place = start !== undefined && name !== undefined ? joinPath(start, name) : (start ?? name)
  return api.files.pick({
    purpose,
    title,
    ...(place !== undefined && { start: place }),
    ...(extensions && {
      filters: [{ name: extensions.map((one) => `.${one}`).join(', '), extensions: [...extensions] }],
    }),
  })
}

function pickInPage(options: PickOptions): Promise<string | null> {
  usePick.getState().request?.answer(null)
  return new Promise((resolve) => {
    const answer = (path: string | null) => {
      usePick.setState({ request: null })
      resolve(path)
    }
    usePick.setState({ request: { ...options, id: asked++, answer } })
  })
}
