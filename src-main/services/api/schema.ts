import { AppError } from '../../../shared/errors.ts'
import type { TableRef } from '../../dialects/dialect.ts'
import { type ApiContext, api } from './context.ts'

interface Place {
  connection: string
  folder: string
}

const opened = ({ live, workspace }: ApiContext, { connection, folder }: Place) =>
  live.open(connection, { folder, cwd: workspace.home })

const refOf = ({ schema, name }: { schema: string | null; name: string }): TableRef =>
  schema === null ? { name } : { schema, name }

export const schema = {
  objects: api.schema.objects.handler(async ({ context, input, signal }) => {
    if (input.refresh) context.live.refresh()
    await using database = await opened(context, input)
    return await database.catalog.objects(signal)
  }),
  object: api.schema.object.handler(async ({ context, input, signal }) => {
    await using database = await opened(context, input)
    return (await database.catalog.object(refOf(input), signal)) ?? null
  }),
  definition: api.schema.definition.handler(async ({ context, input, signal }) => {
    await using database = await opened(context, input)
    const sql = await database.catalog.definition(refOf(input), signal)
    if (sql !== undefined) return { sql }
    throw new AppError('QUERY_MISSING', `There is no table or view ${input.name}.`, {
      hint: 'It may have been dropped or renamed. Refresh the list.',
      at: { connection: input.connection },
    })
  }),
  diagram: api.schema.diagram.handler(async ({ context, input, signal }) => {
    await using database = await opened(context, input)
    const { schema, tables } = input
    const part = { ...(schema !== null && { schema }), ...(tables !== undefined && { tables }) }
    return await database.catalog.diagram(part, signal)
  }),
  functions: api.schema.functions.handler(async ({ context, input, signal }) => {
    await using database = await opened(context, input)
    return await database.catalog.functions(signal)
  }),
}
