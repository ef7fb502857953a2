import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import { runModes } from '../run.ts'

/** What a user can set, with what holds when they have not. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  density: z.enum(['compact', 'comfortable']).default('compact'),
  mode: z.enum(runModes).default('inspect'),
  /** Kept rows take no more than this; the oldest go first. */
  diskBudgetMb: z.int().min(100).max(10_000_000).default(20_480),
  keepDays: z.int().min(1).max(3_650).default(90),
  memoryMb: z.int().min(128).max(1_000_000).default(1_024),
  /** Sizes of panels, what is open, and the like; the screen's own. */
  layout: z.record(z.string(), z.json()).default({}),
})
export type Settings = z.infer<typeof settingsSchema>

/** Some settings to change; those left out stay. */
export const settingsChange = z.object({
  theme: settingsSchema.shape.theme.unwrap().optional(),
  density: settingsSchema.shape.density.unwrap().optional(),
  mode: settingsSchema.shape.mode.unwrap().optional(),
  diskBudgetMb: settingsSchema.shape.diskBudgetMb.unwrap().optional(),
  keepDays: settingsSchema.shape.keepDays.unwrap().optional(),
  memoryMb: settingsSchema.shape.memoryMb.unwrap().optional(),
  layout: settingsSchema.shape.layout.unwrap().optional(),
})
export type SettingsChange = z.infer<typeof settingsChange>

export const settings = {
  get: oc.output(type<Settings>()),
  set: oc.input(settingsChange).output(type<Settings>()),
  /** What kept rows take, in bytes. */
  usage: oc.output(type<{ bytes: number; runs: number }>()),
  clearKept: oc.output(type<{ bytes: number }>()),
}
