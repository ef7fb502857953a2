import { CloseButton, Menu, VisuallyHidden } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type DragEvent, type KeyboardEvent, type MouseEvent, type ReactNode, useState } from 'react'
import type { Command } from '../commands/define.ts'
import { CommandButton } from './CommandButton.tsx'
import classes from './TabRow.module.css'
import { useTabRow } from './useTabRow.ts'

const dragType = 'application/x-sluice-tab'

interface RowProps {
  label: string
  /** The tabs' ids, from the left. */
  order: readonly string[]
  active: string | null
  onActivate(id: string): void
  /** @param to its place among the others */
  onMove(id: string, to: number): void
  /** What opens another tab. */
  add: Command
  /** A `Tab` for each. */
  children: ReactNode
}

/** Tabs side by side: arrows go from one to the next, and they are dragged into order. */
export function TabRow({ label, order, active, onActivate, onMove, add, children }: RowProps) {
  const list = useTabRow(active)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = order[order.indexOf(active ?? '') + by]
    if (by === 0 || next === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    onActivate(next)
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[order.indexOf(next)]?.focus()
  }
  const onDrop = (event: DragEvent) => {
    const id = event.dataTransfer.getData(dragType)
    if (!order.includes(id)) return
    event.preventDefault()
    const others = [...(list.current?.querySelectorAll('[data-tab]') ?? [])].filter(
      (tab) => tab.getAttribute('data-tab') !== id,
    )
    const to = others.findIndex((tab) => {
      const { left, width } = tab.getBoundingClientRect()
      return event.clientX < left + width / 2
    })
    onMove(id, to === -1 ? others.length : to)
  }
  return (
    <div className={classes.tabBar}>
      <div
        ref={list}
        className={classes.tabs}
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(dragType)) event.preventDefault()
        }}
        onDrop={onDrop}
      >
        {children}
      </div>
      <CommandButton command={add} icon={IconPlus} />
    </div>
  )
}

interface TabProps {
  id: string
  name: string
  /** What the pointer is told. */
  title: string
  active: boolean
  /** Marked by a dot. */
  unsaved: boolean
  broken?: boolean
  /** Said beside the name to those who cannot see the tab. */
  note?: string
  onActivate(): void
  /** @returns when it is closed, or stays */
  onClose(): Promise<unknown>
  /** What its context menu holds. */
  menu: ReactNode
}

/** The middle button and Delete close a tab, too. */
export function Tab({ id, name, title, active, unsaved, broken, note, onActivate, onClose, menu }: TabProps) {
  const [at, setAt] = useState<{ x: number; y: number } | null>(null)
  const onAuxClick = (event: MouseEvent) => {
    if (event.button === 1) void onClose()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tab inside takes keys and names; this is its surface for the pointer
    <div
      className={classes.tab}
      role="presentation"
      data-tab={id}
      data-active={active || undefined}
      data-broken={broken || undefined}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, id)
        event.dataTransfer.effectAllowed = 'move'
      }}
      onAuxClick={onAuxClick}
      onContextMenu={(event) => {
        event.preventDefault()
        setAt({ x: event.clientX, y: event.clientY })
      }}
    >
      <button
        type="button"
        role="tab"
        aria-selected={active}
        tabIndex={active ? 0 : -1}
        className={classes.tabButton}
        title={title}
        onClick={onActivate}
        onKeyDown={(event) => {
          const list = event.currentTarget.closest('[role="tablist"]')
          const goOn = () => list?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus()
          if (event.key === 'Delete') void onClose().then(goOn)
        }}
      >
        {name}
        {unsaved && <VisuallyHidden> unsaved</VisuallyHidden>}
        {note !== undefined && <VisuallyHidden> {note}</VisuallyHidden>}
      </button>
      {unsaved && <span className={classes.dot} aria-hidden />}
      {/* A list of tabs may hold nothing but tabs for those who cannot see it; Delete closes the tab that has the focus. */}
      <CloseButton
        size="xs"
        tabIndex={-1}
        className={classes.tabClose}
        title={`Close ${name}`}
        aria-hidden
        onClick={() => void onClose()}
      />
      {at && (
        <Menu opened onClose={() => setAt(null)} position="bottom-start">
          <Menu.Target>
            <span className={classes.menuAnchor} style={{ left: at.x, top: at.y }} aria-hidden />
          </Menu.Target>
          <Menu.Dropdown>{menu}</Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}

interface CloseProps {
  id: string
  order: readonly string[]
  /** Closes them one after the other, until the user cancels. */
  onClose(ids: readonly string[]): void
}

/** The ways to close, in a tab's menu. */
export function CloseItems({ id, order, onClose }: CloseProps) {
  return (
    <>
      <Menu.Item onClick={() => onClose([id])}>Close</Menu.Item>
      <Menu.Item disabled={order.length < 2} onClick={() => onClose(order.filter((other) => other !== id))}>
        Close others
      </Menu.Item>
      <Menu.Item disabled={order.at(-1) === id} onClick={() => onClose(order.slice(order.indexOf(id) + 1))}>
        Close those to the right
      </Menu.Item>
    </>
  )
}
