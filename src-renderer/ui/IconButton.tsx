import { ActionIcon, type ActionIconProps } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ComponentPropsWithRef } from 'react'
import { type HintPlace, hint } from './hint.ts'
import classes from './ui.module.css'

interface IconButtonProps
  extends Pick<ActionIconProps, 'size' | 'color' | 'variant' | 'disabled'>,
    Omit<ComponentPropsWithRef<'button'>, 'color' | 'disabled'> {
  /** Its name, in the hint too. */
  label: string
  icon: Icon
  iconSize?: number
  /** Shown beside the name, as commands write it: `mod+B`. */
  shortcut?: string | undefined
  /** A switch that is on or off. */
  pressed?: boolean
  /** What it leads to is what is shown. */
  current?: boolean
  /** Stands at the far end of its row. */
  last?: boolean
  /** Where its hint stands. */
  position?: HintPlace
}

/** A button that is only an icon: named for those who cannot see it, with a hint that tells its shortcut. */
export function IconButton(props: IconButtonProps) {
  const { label, icon: Shape, iconSize = 16, shortcut, pressed, current, last, position, ...rest } = props
  return (
    <ActionIcon
      aria-label={label}
      className={classes.iconButton}
      {...hint(label, { keys: shortcut, place: position })}
      {...(pressed !== undefined && { 'aria-pressed': pressed })}
      {...(current && { 'aria-current': 'page' })}
      {...(last && { 'data-last': true })}
      {...rest}
    >
      <Shape size={iconSize} stroke={1.5} aria-hidden />
    </ActionIcon>
  )
}
