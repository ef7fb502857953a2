import { CloseButton } from '@mantine/core'
import { IconGripVertical } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import classes from '../form.module.css'
import { move, useItemIds } from '../useItemIds.ts'

interface SortableProps<T> {
  items: readonly T[]
  /** What one item is called: `column`. */
  item: string
  block?: boolean
  change(items: T[]): void
  children(item: T, index: number): ReactNode
}

/** Items that can be put in order, by dragging their grip or by arrow keys on it, and removed. */
export function Sortable<T>({ items, item, block = false, change, children }: SortableProps<T>) {
  const { ids, moved, removed } = useItemIds(items.length)
  const [dragged, setDragged] = useState<number | null>(null)
  const [over, setOver] = useState<number | null>(null)
  const put = (from: number, to: number) => {
    if (from === to || to < 0 || to >= items.length) return
    moved(from, to)
    change(move(items, from, to))
  }
  const onKey = (event: KeyboardEvent, index: number) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    if (step === 0) return
    event.preventDefault()
    put(index, index + step)
  }
  const drop = () => {
    if (dragged !== null && over !== null) put(dragged, over)
    setDragged(null)
    setOver(null)
  }
  return (
    <ul className={classes.items}>
      {items.map((value, index) => (
        <li
          key={ids[index]}
          data-item
          className={classes.item}
          data-block={block || undefined}
          data-over={(dragged !== null && over === index && dragged !== index) || undefined}
          onDragOver={(event) => {
            if (dragged === null) return
            event.preventDefault()
            setOver(index)
          }}
          onDrop={drop}
        >
          <button
            type="button"
            className={classes.grip}
            draggable
            aria-label={`Move ${item} ${index + 1}`}
            title="Drag, or use the arrow keys"
            onKeyDown={(event) => onKey(event, index)}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move'
              setDragged(index)
            }}
            onDragEnd={drop}
          >
            <IconGripVertical size={12} aria-hidden />
          </button>
          {children(value, index)}
          <CloseButton
            size="sm"
            mt={3}
            aria-label={`Remove ${item} ${index + 1}`}
            onClick={() => {
              removed(index)
              change(items.toSpliced(index, 1))
            }}
          />
        </li>
      ))}
    </ul>
  )
}
