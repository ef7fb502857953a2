import { type Settings, type SettingsChange, settingsSchema } from '../../shared/contract/settings.ts'
import { inTurn } from './in-turn.ts'
import type { SettingService } from './workspace.ts'

const key = 'screen'

const changing = inTurn()

/** What the user has set, the rest as it is from the start. What an older or newer version left and does not fit counts as not set. */
export async function readSettings(settings: SettingService): Promise<Settings> {
  const stored = await settings.get(key)
  const whole = settingsSchema.safeParse(stored ?? {})
  if (whole.success) return whole.data
  const entries = Object.entries(stored instanceof Object && !Array.isArray(stored) ? stored : {})
  const fitting = entries.filter(([name, value]) => settingsSchema.safeParse({ [name]: value }).success)
  return settingsSchema.parse(Object.fromEntries(fitting))
}

export function changeSettings(settings: SettingService, change: SettingsChange): Promise<Settings> {
  return changing(async () => {
    const before = await readSettings(settings)
    const layout = { ...before.layout, ...change.layout }
    const after = settingsSchema.parse({ ...before, ...change, layout })
    await settings.set(key, after)
    return after
  })
}
