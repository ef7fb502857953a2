import { notifications } from '@mantine/notifications'
import type { AppError } from '../../shared/errors.ts'

/** Says in a corner that something did not work: what happened, and what to do. */
export function showError(error: AppError, title: string): void {
  notifications.show({
    color: 'red',
    title,
    message: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
    autoClose: 10_000,
  })
}

export function showNotice(message: string, title?: string): void {
  notifications.show({ message, ...(title === undefined ? {} : { title }), autoClose: 4_000 })
}
