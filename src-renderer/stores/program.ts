import { create } from 'zustand'
import type { AppInfo } from '../../shared/contract/app.ts'
import { api } from '../api/client.ts'

/** What is known of the program around the page; null until the engine has answered. */
export const useProgram = create<{ info: AppInfo | null }>()(() => ({ info: null }))

/** The user's own folder. */
export const useOwnFolder = (): string | undefined => useProgram(({ info }) => info?.folder)

let asked: Promise<AppInfo> | undefined

/** What is known of the program; asked for once, and again by `reloadProgram` after the engine was started anew. */
export async function programInfo(): Promise<AppInfo> {
  asked ??= reloadProgram()
  return asked
}

export async function reloadProgram(): Promise<AppInfo> {
  const info = await api.app.info()
  asked = Promise.resolve(info)
  useProgram.setState({ info })
  return info
}
