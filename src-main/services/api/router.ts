import { app } from './app.ts'
import { connections } from './connections.ts'
import { api } from './context.ts'
import { files } from './files.ts'
import { pipelines } from './pipelines.ts'
import { queries } from './queries.ts'
import { results } from './results.ts'
import { runs } from './runs.ts'
import { schema } from './schema.ts'
import { settings } from './settings.ts'
import { vault } from './vault.ts'

/** Handlers for the whole contract. */
export const router = api.router({
  app,
  files,
  pipelines,
  runs,
  results,
  queries,
  connections,
  schema,
  settings,
  vault,
})
