import type { ContractRouterClient } from '@orpc/contract'
import { app } from './app.ts'
import { connections } from './connections.ts'
import { files } from './files.ts'
import { pipelines } from './pipelines.ts'
import { queries } from './queries.ts'
import { results } from './results.ts'
import { runs } from './runs.ts'
import { schema } from './schema.ts'
import { settings } from './settings.ts'
import { vault } from './vault.ts'

/** Every call and event stream between the screen and the engine. Errors are AppErrors on both sides (see errors.ts). */
export const contract = { app, files, pipelines, runs, results, queries, connections, schema, settings, vault }

export type Api = ContractRouterClient<typeof contract>
