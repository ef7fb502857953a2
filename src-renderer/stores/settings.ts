import { create } from 'zustand'
import { type Settings, type SettingsChange, settingsSchema } from '../../shared/contract/settings.ts'
import type { Json } from '../../shared/pipeline/schema.ts'
import { api } from '../api/client.ts'

export const useSettings = create<Settings>()(() => settingsSchema.parse({}))

export async function loadSettings(): Promise<void> {
  useSettings.setState(await api.settings.get())
}

/** Changes settings here at once, and in the workspace soon. */
export async function changeSettings(change: SettingsChange): Promise<void> {
  const { layout } = useSettings.getState()
  useSettings.setState({ ...change, layout: { ...layout, ...change.layout } })
  await api.settings.set(change)
}

const pending: Record<string, Json> = {}
let timer: ReturnType<typeof setTimeout> | undefined

/** Remembers something about the screen, such as a panel's size. */
export function remember(key: string, value: Json): void {
  pending[key] = value
  useSettings.setState(({ layout }) => ({ layout: { ...layout, [key]: value } }))
  clearTimeout(timer)
  timer = setTimeout(sendPending, 400)
}

function sendPending(): void {
  const layout = { ...pending }
  if (Object.keys(layout).length === 0) return
  for (const name of Object.keys(layout)) delete pending[name]
  void api.settings.set({ layout }).catch(() => undefined)
}

/** Sends what is still to be remembered when the page goes away; called once. */
export function rememberBeforeLeaving(): void {
  addEventListener('pagehide', sendPending)
}

/** What was remembered; undefined when it is not there or of another shape. */
export function recall(key: string): Json | undefined {
  return useSettings.getState().layout[key]
}
