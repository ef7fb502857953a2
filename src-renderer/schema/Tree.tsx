import { useId } from '@mantine/hooks'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import { matches } from '../commands/keys.ts'
import { perform } from '../commands/perform.ts'
import { copyTableName, writeTableName } from '../commands/tables.ts'
import type { Listing } from './listing.ts'
import { findTyped, treeMove } from './moves.ts'
import type { Database } from './place.ts'
import { Row } from './Row.tsx'
import type { TreeRow } from './rows.ts'
import classes from './Tree.module.css'
import { type TreeActions, useTreeActions } from './useTreeActions.ts'
import { useVisible } from './useVisible.ts'

interface TreeProps {
  database: Database
  listing: Listing
  rows: readonly TreeRow[]
  active: string | null
  search: string
  lineHeight: number
}

/** Schemas, tables and what they have, as a tree of which only what is in sight is made. */
export function Tree({ database, listing, rows, active, search, lineHeight }: TreeProps) {
  const id = useId()
  const actions = useTreeActions(database, listing)
  const { box, element, first, last, page, onScroll, reveal } = useVisible(rows.length, lineHeight)
  const found = rows.findIndex((row) => row.id === active)
  const at = found < 0 ? startOf(rows) : found
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search is looked at from its beginning
  useEffect(() => reveal(Math.max(0, found)), [found, reveal, search])
  const onKeyDown = useKeys(rows, at, page, actions, () => menuSpot(element.current, at, lineHeight))
  const onContextMenu = (event: MouseEvent<HTMLDivElement>) => {
    event.preventDefault()
    const row = rows[rowAt(event)]
    if (row) actions.menu(row, { x: event.clientX, y: event.clientY })
  }
  return (
    <div
      ref={box}
      className={classes.tree}
      role="tree"
      aria-label={`Tables of ${database.connection}`}
      tabIndex={0}
      {...(at >= first && at < last && { 'aria-activedescendant': `${id}-${at}` })}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
      onFocus={() => rows[at] && actions.go(rows[at])}
    >
      <div role="presentation" className={classes.all} style={{ height: rows.length * lineHeight }}>
        <div role="presentation" style={{ transform: `translateY(${first * lineHeight}px)` }}>
          {rows.slice(first, last).map((row, index) => (
            <Row
              key={row.id}
              id={`${id}-${first + index}`}
              index={first + index}
              row={row}
              active={first + index === at}
              height={lineHeight}
              actions={actions}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

/** Where keys begin: at the first table, which is what people come for. */
const startOf = (rows: readonly TreeRow[]) =>
  Math.max(
    0,
    rows.findIndex(({ type }) => type === 'object'),
  )

/** Place of the line that an event happened on. */
function rowAt(event: MouseEvent): number {
  const line = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null
  return Number(line?.dataset.index ?? -1)
}

/** Where the menu of a line opens when it is asked for by a key. */
function menuSpot(tree: HTMLElement | null, at: number, lineHeight: number): { x: number; y: number } {
  const { left = 0, top = 0 } = tree?.getBoundingClientRect() ?? {}
  return { x: left + 32, y: top + (at + 1) * lineHeight - (tree?.scrollTop ?? 0) }
}

/** Letters typed within this many milliseconds belong to one name. */
const typingPause = 800

function useKeys(
  rows: readonly TreeRow[],
  at: number,
  page: number,
  actions: TreeActions,
  spot: () => { x: number; y: number },
) {
  const typed = useRef({ text: '', when: 0 })
  const take = (event: KeyboardEvent): boolean => {
    const row = rows[at]
    if (!row) return false
    if (matches('shift+F10', event) || event.key === 'ContextMenu') actions.menu(row, spot())
    else if (matches('Enter', event)) actions.act(row)
    else if (matches('shift+Enter', event)) void perform(writeTableName)
    else if (matches('mod+C', event)) void perform(copyTableName)
    else if (event.ctrlKey || event.metaKey || event.altKey) return false
    else return takeMove(event) || takeLetter(event)
    return true
  }
  const takeMove = (event: KeyboardEvent): boolean => {
    const move = treeMove(rows, at, event.key, page)
    const target = move && rows[move.index]
    if (!target) return false
    if (move.type === 'go') actions.go(target)
    else actions.expand(target, move.type === 'open')
    return true
  }
  const takeLetter = ({ key, timeStamp }: KeyboardEvent): boolean => {
    if (key.length !== 1) return false
    const { text, when } = typed.current
    typed.current = { text: timeStamp - when < typingPause ? text + key : key, when: timeStamp }
    const target = rows[findTyped(rows, at, typed.current.text)]
    if (target) actions.go(target)
    return true
  }
  return (event: KeyboardEvent) => {
    if (take(event)) event.preventDefault()
  }
}
