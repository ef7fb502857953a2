import { Modal, type ModalProps } from '@mantine/core'
import { memo, type ReactNode, type RefObject, useRef } from 'react'
import { useFocusBack, useFocusInside } from './focus.ts'

interface DialogProps extends Omit<ModalProps, 'returnFocus' | 'closeButtonProps'> {
  closeLabel?: string
}

/** A dialog over the window. It shows what it showed while it fades away. */
export function Dialog({ opened, title, children, closeLabel = 'Close dialog', ...others }: DialogProps) {
  const opener = useFocusBack(opened)
  return (
    <Modal
      centered
      {...others}
      opened={opened}
      data-closed={!opened || undefined}
      // Mantine would take the focus a moment later, twice, from wherever a key has brought it by then.
      trapFocus={false}
      returnFocus={false}
      title={title !== undefined && <Still when={!opened}>{title}</Still>}
      closeButtonProps={{ 'aria-label': closeLabel }}
    >
      <Still when={!opened}>{children}</Still>
      <FocusInside opened={opened} opener={opener} />
    </Modal>
  )
}

function FocusInside({ opened, opener }: { opened: boolean; opener: RefObject<Element | null> }) {
  const mark = useRef<HTMLSpanElement>(null)
  useFocusInside(mark, opened, opener)
  return <span ref={mark} hidden />
}

/** Goes on showing what it shows while it is to be still. */
const Still = memo(
  ({ children }: { when: boolean; children: ReactNode }) => children,
  (_, { when }) => when,
)
