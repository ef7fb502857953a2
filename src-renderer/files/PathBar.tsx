import { TextInput, UnstyledButton } from '@mantine/core'
import { IconArrowUp, IconPencil } from '@tabler/icons-react'
import { type FormEvent, Fragment, useLayoutEffect, useRef } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import classes from './files.module.css'
import { foldersTo } from './paths.ts'
import type { FolderView } from './useFolder.ts'

interface PathBarProps {
  view: FolderView
  typing: boolean
  onTyping(typing: boolean): void
  onPath(path: string): void
}

/** The path to type, which the first key replaces: also once the folder is known, which may be after the field is there. */
function PathField({ folder, onLeave }: { folder: string; onLeave(): void }) {
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => field.current?.focus(), [])
  useLayoutEffect(() => {
    if (field.current?.value === folder) field.current.select()
  }, [folder])
  return <TextInput name="path" aria-label="Path" defaultValue={folder} ref={field} onBlur={onLeave} />
}

/** Where the dialog is: folders to click, or the path to type. */
export function PathBar({ view, typing, onTyping: setTyping, onPath }: PathBarProps) {
  const { folder, parent, goTo } = view
  const pencil = useRef<HTMLButtonElement>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const path = new FormData(event.currentTarget).get('path')
    // Leaves the field before it goes, so that the keys go on from here.
    pencil.current?.focus()
    if (typeof path === 'string' && path.trim() !== '') onPath(path.trim())
  }
  return (
    <div className={classes.pathBar}>
      <IconButton
        label="Up one folder"
        icon={IconArrowUp}
        disabled={parent === null}
        onClick={() => parent !== null && goTo(parent)}
      />
      {typing ? (
        <form onSubmit={submit} className={classes.pathForm}>
          <PathField folder={folder} onLeave={() => setTyping(false)} />
        </form>
      ) : (
        <nav aria-label="Folders above" className={classes.crumbs}>
          {foldersTo(folder).map(({ name, path }, index) => (
            <Fragment key={path}>
              {index > 1 && <span aria-hidden>/</span>}
              <UnstyledButton className={classes.crumb} onClick={() => goTo(path)}>
                {name}
              </UnstyledButton>
            </Fragment>
          ))}
        </nav>
      )}
      <IconButton ref={pencil} label="Type a path" icon={IconPencil} pressed={typing} onClick={() => setTyping(true)} />
    </div>
  )
}
