import { workspaceConnection } from '../../../shared/connections.ts'
import type { HistoryEntry } from '../../../shared/contract/queries.ts'
import { editRows } from '../queries/edits/edit.ts'
import { editableTable } from '../queries/edits/editable.ts'
import { meantSchema } from '../queries/edits/meant-schema.ts'
import { listSaved, removeSaved, renameSaved, saveQuery } from '../queries/saved.ts'
import { severalDatabases, type Target } from '../queries/target.ts'
import { api, reported } from './context.ts'

export const queries = {
  // It runs when the page hears of its stream, so that a stop that follows finds it.
  run: api.queries.run.handler(({ context, input, signal }) => {
    const { session, offset, ...request } = input
    const { page } = context
    context.queries.claim(session, page)
    return reported(context, context.queries.run(session, request, { offset, signal, page }))
  }),
  follow: api.queries.follow.handler(async function* ({ context, input, signal }) {
    context.queries.claim(input.session, context.page)
    yield* reported(context, context.queries.follow(input.session, signal))
  }),
  state: api.queries.state.handler(({ context, input }) => {
    context.queries.claim(input.session, context.page)
    return context.queries.state(input.session)
  }),
  stop: api.queries.stop.handler(({ context, input }) => context.queries.session(input.session).stop()),
  commit: api.queries.commit.handler(({ context, input }) => context.queries.session(input.session).commit()),
  rollback: api.queries.rollback.handler(({ context, input }) => context.queries.session(input.session).rollback()),
  reconnect: api.queries.reconnect.handler(({ context, input }) => context.queries.session(input.session).reconnect()),
  close: api.queries.close.handler(({ context, input }) => context.queries.close(input.session)),
  history: api.queries.history.handler(async ({ context, input }): Promise<HistoryEntry[]> => {
    const { search, ...rest } = input
    const words = search.split(/\s+/).filter((word) => word !== '')
    return context.workspace.queries.list({ ...rest, words })
  }),
  forget: api.queries.forget.handler(async ({ context, input }) => {
    await context.workspace.queries.remove(input.ids)
  }),
  explain: api.queries.explain.handler(({ context, input, signal }) => {
    const { session: id, connection, folder, ...request } = input
    return context.queries.work(id, { connection, folder }, signal, (target) => target.explain(request))
  }),
  nodes: api.queries.nodes.handler(({ context, input, signal }) => context.queries.nodes(input, signal)),
  saved: api.queries.saved.handler(({ context }) => listSaved(context.workspace.home)),
  save: api.queries.save.handler(async ({ context: { workspace }, input }) => {
    const query = await saveQuery(workspace.home, input)
    workspace.changes.send({ type: 'query-saved', query })
    return query
  }),
  renameSaved: api.queries.renameSaved.handler(async ({ context: { workspace }, input: { path, name } }) => {
    const query = await renameSaved(workspace.home, path, name)
    workspace.changes.send({ type: 'query-renamed', path, query })
    return query
  }),
  removeSaved: api.queries.removeSaved.handler(async ({ context: { workspace }, input: { path } }) => {
    await removeSaved(workspace.home, path)
    workspace.changes.send({ type: 'query-removed', path })
  }),
  editable: api.queries.editable.handler(async ({ context, input, signal }) => {
    const { session: id, connection, folder, sql } = input
    if (connection === workspaceConnection) return { table: null, reason: severalDatabases().message }
    await using database = await context.live.open(connection, { folder, cwd: context.workspace.home })
    return editableTable(database, sql, async (table) => {
      const ask = ({ session }: Target) => meantSchema(session, database, table)
      return id === undefined ? undefined : context.queries.work(id, { connection, folder }, signal, ask, true)
    })
  }),
  edit: api.queries.edit.handler(({ context, input, signal }) => {
    const { session: id, connection, folder, ...request } = input
    const edit = (target: Target) => {
      const { session, database } = target.database()
      return editRows(session, database, request)
    }
    // Who looks through the statements may apply them before they are all there.
    return context.queries.work(id, { connection, folder }, signal, edit, !request.apply)
  }),
}
