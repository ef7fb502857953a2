import { changeSettings, readSettings } from '../settings.ts'
import { api } from './context.ts'

export const settings = {
  get: api.settings.get.handler(({ context }) => readSettings(context.workspace.settings)),
  set: api.settings.set.handler(({ context, input }) => changeSettings(context.workspace.settings, input)),
  usage: api.settings.usage.handler(({ context }) => context.workspace.runs.usage()),
  clearKept: api.settings.clearKept.handler(async ({ context }) => {
    await context.results.close()
    const { bytes } = await context.workspace.runs.prune({ diskBudget: 0 })
    return { bytes }
  }),
}
