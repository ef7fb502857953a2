import { Modal, type ModalProps } from '@mantine/core'
import { type RefObject, useRef } from 'react'
import { useFocusBack, useFocusInside } from './focus.ts'

interface DialogProps extends Omit<ModalProps, 'returnFocus' | 'closeButtonProps'> {
  closeLabel?: string
}

/** A dialog over the window. */
export function Dialog({ opened, title, children, closeLabel = 'Close dialog', ...others }: DialogProps) {
  const opener = useFocusBack(opened)
  return (
    <Modal
      centered
      {...others}
      opened={opened}
      // Mantine would take the focus a moment later, twice, from wherever a key has brought it by then.
      trapFocus={false}
      returnFocus={false}
      title={title}
      closeButtonProps={{ 'aria-label': closeLabel }}
    >
      {children}
      <FocusInside opened={opened} opener={opener} />
    </Modal>
  )
}

function FocusInside({ opened, opener }: { opened: boolean; opener: RefObject<Element | null> }) {
  const mark = useRef<HTMLSpanElement>(null)
  useFocusInside(mark, opened, opener)
  return <span ref={mark} hidden />
}
