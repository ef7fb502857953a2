import { EmptyState } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './ui.module.css'

interface EmptyProps {
  icon: Icon
  title: string
  /** What to do next. */
  description?: ReactNode
  /** Buttons that do it. */
  children?: ReactNode
}

/** Fills a region that has nothing to show yet, and says what to do about it. */
export function Empty({ icon: Shape, title, description, children }: EmptyProps) {
  return (
    <EmptyState
      size="sm"
      className={classes.empty}
      icon={<Shape size={32} stroke={1.25} aria-hidden />}
      title={title}
      description={description}
    >
      {children && <EmptyState.Actions>{children}</EmptyState.Actions>}
    </EmptyState>
  )
}
