import { z } from 'zod'
import { type AppEvent, menuSchema } from '../../../shared/contract/app.ts'
import { type ErrorReport, errorCodes } from '../../../shared/errors.ts'

/** What the shell and the engine process say to each other. Calls of the contract pass through as frames, unread. */

const client = z.int()
const frame = z.union([z.string(), z.instanceof(Uint8Array)])
/** What a page and the engine send each other; see the contract. */
export type Frame = z.infer<typeof frame>
const id = z.int()
const appEvent: z.ZodType<AppEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('command'), command: z.string() }),
  z.object({ type: z.literal('open'), path: z.string() }),
])
const report: z.ZodType<ErrorReport> = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string().optional(),
  retryable: z.boolean(),
})

export const pickRequest = z.object({
  purpose: z.enum(['open', 'save', 'folder']),
  title: z.string(),
  start: z.string().optional(),
  filters: z.array(z.object({ name: z.string(), extensions: z.array(z.string()) })).optional(),
})
export const windowTitle = z.object({ title: z.string(), edited: z.boolean(), path: z.string().nullable() })

export const toEngine = z.discriminatedUnion('type', [
  /** The first message. `key`: opens the vault (32 bytes, base64), where the system guards it. */
  z.object({
    type: z.literal('start'),
    kind: z.enum(['desktop', 'browser']),
    notice: z.string().optional(),
    key: z.string().optional(),
  }),
  z.object({ type: z.literal('frame'), client, data: frame }),
  z.object({ type: z.literal('leave'), client }),
  /** A page's message port comes along with it (desktop). */
  z.object({ type: z.literal('port') }),
  z.object({ type: z.literal('event'), event: appEvent }),
  z.object({ type: z.literal('answer'), id, value: z.string().nullable().optional(), error: report.optional() }),
  /** Runs are stopped, files closed; then the process ends. */
  z.object({ type: z.literal('end') }),
])
export type ToEngine = z.infer<typeof toEngine>

export const toShell = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('frame'), client, data: frame }),
  z.object({ type: z.literal('pick'), id, request: pickRequest }),
  z.object({ type: z.literal('openExternal'), id, url: z.string() }),
  z.object({ type: z.literal('title'), window: windowTitle }),
  z.object({ type: z.literal('menu'), menu: menuSchema }),
])
export type ToShell = z.infer<typeof toShell>
