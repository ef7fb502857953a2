import { Button, Group, NavLink, TextInput } from '@mantine/core'
import { IconBox, IconClock, IconHome, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { FolderEntry } from '../../shared/contract/files.ts'
import { api, asAppError } from '../api/client.ts'
import { useProgram } from '../stores/program.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { confirm } from '../ui/dialogs.ts'
import { FileList } from './FileList.tsx'
import classes from './files.module.css'
import { PathBar } from './PathBar.tsx'
import { baseName, folderName, isAbsolute, joinPath, stemOf, withExtension, withExtensionOnce } from './paths.ts'
import { type PickRequest, usePick } from './pick.ts'
import { type FolderView, recentFolders, rememberFolder, useFolder } from './useFolder.ts'

/** The file dialog of hosts that have none of their own; once in the window. */
export function FileDialog() {
  const request = usePick((state) => state.request)
  return (
    <Dialog opened={request !== null} onClose={() => request?.answer(null)} title={request?.title} size={760}>
      {request && <DialogBody key={request.id} request={request} />}
    </Dialog>
  )
}

const actions = { open: 'Open', save: 'Save', folder: 'Choose this folder' } as const

function DialogBody({ request }: { request: PickRequest }) {
  const { purpose, extensions = [] } = request
  const view = useFolder(request)
  const [name, setName] = useState(request.name ?? '')
  const [problem, setProblem] = useState<string>()
  const [typing, setTyping] = useState(false)
  const { marked } = view

  const answer = (path: string) => {
    rememberFolder(purpose === 'folder' ? path : folderName(path))
    request.answer(path)
  }
  const open = (entry: FolderEntry) => {
    if (entry.kind === 'folder') view.goTo(entry.path)
    else if (purpose === 'save') void save(entry.name)
    else answer(entry.path)
  }
  const save = async (typed: string) => {
    const whole = withExtension(typed.trim(), extensions)
    const path = isAbsolute(whole) ? whole : joinPath(view.folder, whole)
    try {
      const { entries } = await api.files.list({ folder: folderName(path) })
      const there = entries.find(({ name }) => name === baseName(path))
      if (there?.kind === 'folder') return setProblem(`${baseName(path)} is a folder. Choose another name.`)
      if (there && !(await confirmReplace(baseName(path)))) return
    } catch (thrown) {
      const { code, message } = asAppError(thrown)
      return setProblem(code === 'FILE_MISSING' ? `There is no folder ${folderName(path)}.` : message)
    }
    answer(path)
  }
  const goToPath = (path: string) => {
    const isFile = extensions.some((extension) => path.endsWith(`.${extension}`))
    if (!isFile) view.goTo(path)
    else if (purpose === 'save') {
      view.goTo(folderName(path))
      setName(baseName(path))
    } else answer(path)
  }
  const mark = (entry: FolderEntry) => {
    view.mark(entry)
    if (purpose === 'save' && entry.kind === 'file') setName(entry.name)
  }
  const submit = () => {
    if (purpose === 'save') void save(name)
    else if (purpose === 'folder') answer(view.folder)
    else if (marked) open(marked)
  }
  const ready = purpose === 'save' ? name.trim() !== '' : purpose === 'folder' || marked !== undefined
  return (
    <div className={classes.dialog}>
      <PathBar view={view} typing={typing} onTyping={setTyping} onPath={goToPath} />
      <div className={classes.columns}>
        <Places view={view} />
        <div className={classes.files}>
          <TextInput
            aria-label="Filter"
            placeholder="Filter"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={view.filter}
            onChange={(event) => view.setFilter(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && marked) open(marked)
            }}
          />
          <FileList
            view={view}
            autoFocus={purpose !== 'save'}
            onOpen={open}
            onMark={mark}
            onType={() => setTyping(true)}
          />
        </div>
      </div>
      {purpose === 'save' && (
        <TextInput
          label="Name"
          value={name}
          data-autofocus
          error={problem}
          // What is typed takes the place of the name, and the extension stays.
          onFocus={({ currentTarget: field }) => field.setSelectionRange(0, stemOf(field.value, extensions).length)}
          onChange={(event) => {
            setName(withExtensionOnce(event.currentTarget.value, extensions))
            setProblem(undefined)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && ready) submit()
          }}
        />
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={() => request.answer(null)}>
          Cancel
        </Button>
        <Button disabled={!ready} onClick={submit}>
          {actions[purpose]}
        </Button>
      </Group>
    </div>
  )
}

const confirmReplace = (name: string) =>
  confirm({
    title: 'Replace the file?',
    message: `There is already a file ${name} in this folder. What it holds will be lost.`,
    action: 'Replace',
    danger: true,
  })

/** Folders to start from. */
function Places({ view }: { view: FolderView }) {
  const info = useProgram((state) => state.info)
  const fixed = info
    ? [
        { name: 'Home', path: info.folder, icon: IconHome },
        { name: 'Workspace', path: info.home, icon: IconBox },
      ]
    : []
  const recent = recentFolders().filter((path) => !fixed.some((place) => place.path === path))
  const places = [...fixed, ...recent.map((path) => ({ name: baseName(path) || path, path, icon: IconClock }))]
  return (
    <nav aria-label="Places" className={classes.places}>
      {places.map(({ name, path, icon: Shape }) => (
        <NavLink
          key={path}
          component="button"
          type="button"
          label={name}
          title={path}
          active={path === view.folder}
          leftSection={<Shape size={16} stroke={1.5} aria-hidden />}
          onClick={() => view.goTo(path)}
        />
      ))}
    </nav>
  )
}
