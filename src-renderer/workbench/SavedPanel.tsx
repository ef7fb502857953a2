import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { SavedQuery } from '../../shared/contract/queries.ts'
import { api, asAppError } from '../api/client.ts'
import { shortcutText } from '../commands/keys.ts'
import { confirm } from '../ui/dialogs.ts'
import { useFocusWhenLost } from '../ui/focus.ts'
import { showError } from '../ui/notify.ts'
import { titleOf } from './connections.ts'
import { openSaved, renameQuery } from './open.ts'
import classes from './SidePane.module.css'
import { removedQuery } from './saved-tabs.ts'

/** Saved queries: plain .sql files in the workspace. `followWorkspace` tells when there are others. */
export function SavedPanel() {
  const found = useQuery({ queryKey: ['saved'], queryFn: () => api.queries.saved(), gcTime: 0 })
  return (
    <div className={classes.side}>
      {found.data?.length === 0 && <NothingSaved />}
      <ul className={classes.list} aria-label="Saved queries">
        {(found.data ?? []).map((saved) => (
          <Saved key={saved.path} saved={saved} />
        ))}
      </ul>
    </div>
  )
}

/** The keys go on from here when the last saved query was deleted. */
function NothingSaved() {
  const note = useRef<HTMLParagraphElement>(null)
  useFocusWhenLost(note)
  return (
    <p ref={note} className={classes.sideEmpty} tabIndex={-1}>
      Queries that you save with {shortcutText('mod+S')} are listed here. They are plain .sql files.
    </p>
  )
}

function Saved({ saved }: { saved: SavedQuery }) {
  const client = useQueryClient()
  const doing = (work: () => Promise<void>) =>
    void work()
      .then(() => client.invalidateQueries({ queryKey: ['saved'] }))
      .catch((thrown) => showError(asAppError(thrown), 'The saved query was not changed'))
  const remove = async () => {
    const sure = await confirm({
      title: `Delete ${saved.name}?`,
      message: `The file ${saved.path} is deleted.`,
      action: 'Delete',
      danger: true,
    })
    if (!sure) return
    await api.queries.removeSaved({ path: saved.path })
    removedQuery(saved.path)
  }
  return (
    <li className={classes.savedItem}>
      <button type="button" className={classes.entry} title={saved.path} onClick={() => openSaved(saved)}>
        <span>{saved.name}</span>
        <span className={classes.entryFacts}>
          {saved.connection === null ? 'any connection' : titleOf(saved.connection)}
        </span>
      </button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="sm" aria-label={`Menu of ${saved.name}`}>
            <IconDots size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => openSaved(saved)}>Open</Menu.Item>
          <Menu.Item onClick={() => doing(() => renameQuery(saved))}>Rename</Menu.Item>
          <Menu.Item color="red" onClick={() => doing(remove)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  )
}
