import { homedir } from 'node:os'
import { productVersion } from '../version.ts'
import { api } from './context.ts'

const platforms = ['linux', 'darwin', 'win32'] as const

export const app = {
  info: api.app.info.handler(({ context }) => ({
    version: productVersion(),
    host: context.host.kind,
    platform: platforms.find((name) => name === process.platform) ?? 'linux',
    home: context.workspace.home,
    folder: homedir(),
    enginePid: process.pid,
    ...(context.host.notice === undefined ? {} : { notice: context.host.notice }),
  })),
  events: api.app.events.handler(({ context, signal }) =>
    toIterator(context.host.events(signal ?? new AbortController().signal)),
  ),
  changes: api.app.changes.handler(({ context, signal }) => toIterator(context.workspace.changes.read(signal))),
  openExternal: api.app.openExternal.handler(({ context, input }) => context.host.openExternal(input.url)),
  menu: api.app.menu.handler(({ context, input }) => context.host.menu(input)),
  title: api.app.title.handler(({ context, input }) => context.host.title(input)),
}

async function* toIterator<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  yield* items
}
