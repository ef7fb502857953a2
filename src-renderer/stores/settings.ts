import { z } from 'zod'
import { create } from 'zustand'
import { type Settings, type SettingsChange, settingsChange, settingsSchema } from '../../shared/contract/settings.ts'
import type { Json } from '../../shared/pipeline/schema.ts'
import { api } from '../api/client.ts'

export const useSettings = create<Settings>()(() => settingsSchema.parse({}))

export async function loadSettings(): Promise<void> {
  useSettings.setState(await api.settings.get())
  // What the page had said last may not have arrived before it was loaded anew.
  for (const change of takeLeft()) void changeSettings(change).catch(() => undefined)
}

/** Changes settings here at once, and in the workspace soon. */
export async function changeSettings(change: SettingsChange): Promise<void> {
  const { layout } = useSettings.getState()
  useSettings.setState({ ...change, layout: { ...layout, ...change.layout } })
  await store(change)
}

/** Changes of which it is not known whether the workspace has them. */
const underway = new Set<SettingsChange>()

async function store(change: SettingsChange): Promise<void> {
  underway.add(change)
  try {
    await api.settings.set(change)
  } finally {
    underway.delete(change)
  }
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
  void store({ layout }).catch(() => undefined)
}

/** Lasts as long as the browser's tab or the window: for the page that is loaded in this one's place. */
const leftKey = 'sluice.left'
/** Milliseconds for which that is news; a tab that is opened again later has what was set since. */
const leftFor = 60_000
const left = z.object({ at: z.number(), changes: z.array(settingsChange) })

/** Sends what is still to be remembered when the page goes away, and leaves it to the next page; called once. */
export function rememberBeforeLeaving(): void {
  addEventListener('pagehide', () => {
    sendPending()
    if (underway.size === 0) return
    sessionStorage.setItem(leftKey, JSON.stringify({ at: Date.now(), changes: [...underway] }))
  })
}

function takeLeft(): readonly SettingsChange[] {
  const text = sessionStorage.getItem(leftKey)
  sessionStorage.removeItem(leftKey)
  if (text === null) return []
  const { success, data } = left.safeParse(JSON.parse(text))
  return success && Date.now() - data.at < leftFor ? data.changes : []
}

/** What was remembered; undefined when it is not there or of another shape. */
export function recall(key: string): Json | undefined {
  return useSettings.getState().layout[key]
}
