import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import type { AppError } from '../../shared/errors.ts'
import { Remedied, type Remedy } from './Remedied.tsx'

/** Says in a corner that something did not work: what happened, and what to do. */
export function showError(error: AppError, title: string, remedy?: Remedy): void {
  const text = error.hint === undefined ? error.message : `${error.message} ${error.hint}`
  const act = (chosen: Remedy) => {
    notifications.hide(id)
    chosen.act()
  }
  const id = notifications.show({
    color: 'red',
    title,
    message: remedy ? createElement(Remedied, { text, label: remedy.label, onAct: () => act(remedy) }) : text,
    autoClose: 10_000,
  })
}

export function showNotice(message: string, title?: string): void {
  notifications.show({ message, ...(title === undefined ? {} : { title }), autoClose: 4_000 })
}
