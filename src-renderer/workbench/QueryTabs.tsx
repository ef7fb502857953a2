import { CloseButton, VisuallyHidden } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import shell from '../app/App.module.css'
import { newQuery } from '../commands/query.ts'
import { CommandButton } from '../ui/CommandButton.tsx'
import { useTabRow } from '../ui/useTabRow.ts'
import { closeTab } from './closing.ts'
import { activateTab, isUnsaved, type QueryTab, titleOf, useTabs } from './tabs.ts'

/** One tab for each open query; a dot marks what is not saved. */
export function QueryTabs() {
  const { tabs, active } = useTabs()
  const list = useTabRow(active)
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const at = tabs.findIndex(({ id }) => id === active) + by
    const next = tabs[at]
    if (by === 0 || !next || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    activateTab(next.id)
    event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[at]?.focus()
  }
  return (
    <div className={shell.tabBar}>
      <div ref={list} className={shell.tabs} role="tablist" aria-label="Open queries" onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <Tab key={tab.id} tab={tab} active={tab.id === active} />
        ))}
      </div>
      <CommandButton command={newQuery} icon={IconPlus} />
    </div>
  )
}

function Tab({ tab, active }: { tab: QueryTab; active: boolean }) {
  const { id } = tab
  const name = titleOf(tab)
  const unsaved = isUnsaved(tab)
  return (
    <div
      className={shell.tab}
      role="presentation"
      data-active={active || undefined}
      onAuxClick={(event) => {
        if (event.button === 1) void closeTab(id)
      }}
    >
      <button
        type="button"
        role="tab"
        aria-selected={active}
        tabIndex={active ? 0 : -1}
        className={shell.tabButton}
        title={tab.saved?.path ?? 'Not saved yet'}
        onClick={() => activateTab(id)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') void closeTab(id)
        }}
      >
        {name}
        {unsaved && <VisuallyHidden> unsaved</VisuallyHidden>}
      </button>
      {unsaved && <span className={shell.dot} aria-hidden />}
      {/* A list of tabs may hold nothing but tabs for those who cannot see it; Delete closes the tab that has the focus. */}
      <CloseButton
        size="xs"
        tabIndex={-1}
        className={shell.tabClose}
        title={`Close ${name}`}
        aria-hidden
        onClick={() => void closeTab(id)}
      />
    </div>
  )
}
