import { CloseButton, Menu, VisuallyHidden } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type DragEvent, type KeyboardEvent, type MouseEvent, useState } from 'react'
import { newFile } from '../commands/file.ts'
import { closeTab } from '../files/close.ts'
import { baseName } from '../files/paths.ts'
import { activateDocument, isUnsaved, moveTab, useDocuments } from '../stores/documents.ts'
import { CommandButton } from '../ui/CommandButton.tsx'
import { useTabRow } from '../ui/useTabRow.ts'
import classes from './App.module.css'
import { TabMenu } from './TabMenu.tsx'

const dragType = 'application/x-sluice-tab'

/** One tab for each open pipeline; a dot marks unsaved work. Tabs are dragged into order, and the middle button closes them. */
export function Tabs() {
  const order = useDocuments((state) => state.order)
  const active = useDocuments((state) => state.active)
  const list = useTabRow(active)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = order[order.indexOf(active ?? '') + by]
    if (by === 0 || next === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    activateDocument(next)
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[order.indexOf(next)]?.focus()
  }
  const onDrop = (event: DragEvent) => {
    const id = event.dataTransfer.getData(dragType)
    if (id === '') return
    event.preventDefault()
    const others = [...(list.current?.querySelectorAll('[data-tab]') ?? [])].filter(
      (tab) => tab.getAttribute('data-tab') !== id,
    )
    const to = others.findIndex((tab) => {
      const { left, width } = tab.getBoundingClientRect()
      return event.clientX < left + width / 2
    })
    moveTab(id, to === -1 ? others.length : to)
  }
  return (
    <div className={classes.tabBar}>
      <div
        ref={list}
        className={classes.tabs}
        role="tablist"
        aria-label="Open pipelines"
        onKeyDown={onKeyDown}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(dragType)) event.preventDefault()
        }}
        onDrop={onDrop}
      >
        {order.map((id) => (
          <Tab key={id} id={id} active={id === active} />
        ))}
      </div>
      <CommandButton command={newFile} icon={IconPlus} />
    </div>
  )
}

function Tab({ id, active }: { id: string; active: boolean }) {
  const document = useDocuments(({ documents }) => documents[id])
  const broken = useDocuments((state) => state.broken[id])
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null)
  const name = document?.history.present.name ?? baseName(broken?.path ?? '')
  const unsaved = document !== undefined && isUnsaved(document)
  const onAuxClick = (event: MouseEvent) => {
    if (event.button === 1) void closeTab(id)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tab inside takes keys and names; this is its surface for the pointer
    <div
      className={classes.tab}
      role="presentation"
      data-tab={id}
      data-active={active || undefined}
      data-broken={broken !== undefined || undefined}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, id)
        event.dataTransfer.effectAllowed = 'move'
      }}
      onAuxClick={onAuxClick}
      onContextMenu={(event) => {
        event.preventDefault()
        setMenu({ x: event.clientX, y: event.clientY })
      }}
    >
      <button
        type="button"
        role="tab"
        aria-selected={active}
        tabIndex={active ? 0 : -1}
        className={classes.tabButton}
        title={document?.path ?? broken?.path ?? 'Not saved yet'}
        onClick={() => activateDocument(id)}
        onKeyDown={(event) => {
          const list = event.currentTarget.closest('[role="tablist"]')
          const goOn = () => list?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus()
          if (event.key === 'Delete') void closeTab(id).then(goOn)
        }}
      >
        {name}
        {unsaved && <VisuallyHidden> unsaved</VisuallyHidden>}
        {document?.outside && <VisuallyHidden> changed on disk</VisuallyHidden>}
      </button>
      {unsaved && <span className={classes.dot} aria-hidden />}
      {/* A list of tabs may hold nothing but tabs for those who cannot see it; Delete closes the tab that has the focus. */}
      <CloseButton
        size="xs"
        tabIndex={-1}
        className={classes.tabClose}
        title={`Close ${name}`}
        aria-hidden
        onClick={() => void closeTab(id)}
      />
      {menu && (
        <Menu opened onClose={() => setMenu(null)} position="bottom-start">
          <Menu.Target>
            <span className={classes.menuAnchor} style={{ left: menu.x, top: menu.y }} aria-hidden />
          </Menu.Target>
          <TabMenu id={id} />
        </Menu>
      )}
    </div>
  )
}
