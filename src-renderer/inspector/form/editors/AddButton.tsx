import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ClipboardEvent, MouseEvent } from 'react'
import { flushSync } from 'react-dom'

interface AddButtonProps {
  /** What one item is called: `column`. */
  item: string
  disabled?: boolean
  add(): void
  onPaste?(event: ClipboardEvent): void
}

/** Adds an item to the list that it stands in. Pressed by a key, it goes on in the item's first field. */
export function AddButton({ item, disabled = false, add, onPaste }: AddButtonProps) {
  return (
    <Button
      variant="default"
      size="compact-xs"
      leftSection={<IconPlus size={12} />}
      disabled={disabled}
      onPaste={onPaste}
      onClick={(event) => {
        flushSync(add)
        const field = itemsAround(event.currentTarget).at(-1)?.querySelector('input')
        if (!field || !isByKey(event)) return
        // As Tab would: what is typed takes the place of what is there.
        field.focus()
        field.select()
      }}
    >
      Add {item}
    </Button>
  )
}

/** Items of the list that a button belongs to. */
export const itemsAround = (button: Element): Element[] => {
  const list = button.closest('[data-items]')
  return [...(list?.querySelectorAll('[data-item]') ?? [])].filter((item) => item.closest('[data-items]') === list)
}

/** Whether a button was pressed by Enter or Space. */
export const isByKey = (event: MouseEvent): boolean => event.detail === 0
