import type { AppEvent, Menu } from '../../shared/contract/app.ts'
import { api, asAppError } from '../api/client.ts'
import { isEnabled, watchCommands } from '../commands/enabled.ts'
import { commandOf } from '../commands/index.ts'
import { perform } from '../commands/perform.ts'
import { openFile } from '../files/actions.ts'
import { activeDocument, isUnsaved, useDocuments } from '../stores/documents.ts'
import { useLink } from '../stores/link.ts'
import { reloadProgram } from '../stores/program.ts'
import { showError } from '../ui/notify.ts'
import { menuSections } from './MainMenu.tsx'

/** Tells the program around the page what its menu and title show, and does what it is told; called once. */
export function followShell(): void {
  const tell = onceChanged(menuOf, (menu) => api.app.menu(menu))
  const title = onceChanged(titleOf, async (shown) => {
    document.title = shown.title === '' ? 'Sluice' : `${shown.edited ? '● ' : ''}${shown.title} — Sluice`
    await api.app.title(shown)
  })
  watchCommands(tell)
  useDocuments.subscribe(title)
  tell()
  title()
  useLink.subscribe(({ times }, before) => {
    if (times === before.times) return
    void reloadProgram()
    void listen()
  })
  void listen()
}

function menuOf(): Menu {
  return menuSections.map(({ section, items }) => ({
    title: section,
    items: items.map((command) => ({
      command: command.id,
      title: command.title,
      enabled: isEnabled(command),
      ...(command.keys?.[0] !== undefined && { keys: command.keys[0] }),
    })),
  }))
}

function titleOf() {
  const shown = activeDocument()
  return {
    title: shown?.history.present.name ?? '',
    edited: Object.values(useDocuments.getState().documents).some(isUnsaved),
    path: shown?.path ?? null,
  }
}

/** Sends a value when it is another one than was sent last; many changes at once are one. */
function onceChanged<T>(read: () => T, send: (value: T) => PromiseLike<unknown>): () => void {
  let sent = ''
  let soon = false
  return () => {
    if (soon) return
    soon = true
    setTimeout(() => {
      soon = false
      const value = read()
      const text = JSON.stringify(value)
      if (text === sent) return
      sent = text
      void send(value).then(undefined, () => {
        sent = ''
      })
    }, 50)
  }
}

async function listen(): Promise<void> {
  try {
    for await (const event of await api.app.events()) await take(event)
  } catch {
    // The engine went away; the next one is listened to when it is there.
  }
}

async function take(event: AppEvent): Promise<void> {
  if (event.type === 'command') {
    const command = commandOf(event.command)
    if (command) await perform(command)
    return
  }
  await openFile(event.path).catch((thrown) => showError(asAppError(thrown), 'The file could not be opened'))
}
