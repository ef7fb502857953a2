import { Text, VisuallyHidden } from '@mantine/core'
import { IconFile, IconFolder, IconTopologyStar3 } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { FolderEntry } from '../../shared/contract/files.ts'
import { asAppError } from '../api/client.ts'
import { formatBytes, formatTime } from '../ui/format.ts'
import classes from './files.module.css'
import type { FolderView } from './useFolder.ts'

interface FileListProps {
  view: FolderView
  autoFocus: boolean
  onOpen(entry: FolderEntry): void
  onMark(entry: FolderEntry): void
  /** A path is to be typed. */
  onType(): void
}

/** What lies in a folder: arrows move, letters jump to a name, Enter opens, Backspace goes up, / lets a path be typed. */
export function FileList({ view, autoFocus, onOpen, onMark, onType }: FileListProps) {
  const { entries, marked } = view
  const list = useRef<HTMLDivElement>(null)
  const typed = useTypedName()
  const moveTo = (index: number) => {
    const at = Math.max(0, Math.min(entries.length - 1, index))
    const entry = entries[at]
    if (!entry) return
    onMark(entry)
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }
  const jumpTo = (start: string) => {
    const found = entries.findIndex(({ name }) => name.toLowerCase().startsWith(start))
    if (found !== -1) moveTo(found)
  }
  // Letters may come before the names that they are looked for in.
  const early = useRef('')
  useEffect(() => {
    if (view.loading || early.current === '') return
    jumpTo(early.current)
    early.current = ''
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = marked ? entries.indexOf(marked) : -1
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10 }
    const ends: Record<string, number> = { Home: 0, End: entries.length - 1 }
    const step = steps[event.key] ?? ends[event.key]
    if (step !== undefined) moveTo(step)
    else if (event.key === 'Enter' && marked) onOpen(marked)
    else if (event.key === 'Backspace' && view.parent !== null) view.goTo(view.parent)
    else if (event.key === '/') onType()
    else if (event.key.length === 1) {
      const start = typed(event.key)
      if (view.loading) early.current = start
      else jumpTo(start)
    } else return
    event.preventDefault()
  }
  const note = noteOf(view)
  return (
    <div
      ref={list}
      role="listbox"
      aria-label="Files and folders"
      aria-activedescendant={marked ? `file-${entries.indexOf(marked)}` : undefined}
      tabIndex={0}
      data-autofocus={autoFocus || undefined}
      className={classes.list}
      onKeyDown={onKeyDown}
    >
      {note !== undefined && (
        <Text size="sm" c="dimmed" p="lg" ta="center">
          {note}
        </Text>
      )}
      {entries.map((entry, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it takes the keys
        // biome-ignore lint/a11y/useFocusableInteractive: the list holds the focus and names the active option
        <div
          key={entry.path}
          id={`file-${index}`}
          role="option"
          aria-selected={entry === marked}
          className={classes.entry}
          onClick={() => onMark(entry)}
          onDoubleClick={() => onOpen(entry)}
        >
          <EntryIcon entry={entry} />
          <span className={classes.entryName}>
            {entry.name}
            {entry.kind === 'folder' && <VisuallyHidden> folder</VisuallyHidden>}
          </span>
          <span className={classes.entrySize}>{entry.kind === 'file' && formatBytes(entry.size)}</span>
          <span className={classes.entryTime}>{formatTime(entry.modified)}</span>
        </div>
      ))}
    </div>
  )
}

function noteOf({ failure, loading, entries, filter }: FolderView): string | undefined {
  if (failure) return asAppError(failure).message
  if (loading) return 'Reading the folder…'
  if (entries.length > 0) return undefined
  return filter === '' ? 'Nothing of this kind is in the folder.' : `Nothing here is called “${filter}”.`
}

function EntryIcon({ entry: { kind, name } }: { entry: FolderEntry }) {
  const Shape = kind === 'folder' ? IconFolder : name.endsWith('.pipeline.json') ? IconTopologyStar3 : IconFile
  return <Shape size={16} stroke={1.5} aria-hidden className={classes[kind]} />
}

/** Milliseconds after which typing begins a new name. */
const typingPause = 800

/** Letters typed one soon after the other, as the beginning of a name. */
function useTypedName(): (letter: string) => string {
  const state = useRef({ text: '', at: 0 })
  return (letter) => {
    const now = Date.now()
    const before = now - state.current.at < typingPause ? state.current.text : ''
    state.current = { text: before + letter.toLowerCase(), at: now }
    return state.current.text
  }
}
