import { ActionIcon, type ActionIconProps, Kbd, Tooltip, type TooltipProps } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ComponentPropsWithRef } from 'react'
import { shortcutText } from '../commands/keys.ts'
import classes from './ui.module.css'

interface IconButtonProps
  extends Pick<ActionIconProps, 'size' | 'color' | 'variant' | 'disabled'>,
    Omit<ComponentPropsWithRef<'button'>, 'color' | 'disabled'> {
  /** Its name, in the tooltip too. */
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
  position?: NonNullable<TooltipProps['position']>
}

/** A button that is only an icon: named for those who cannot see it, with a tooltip that tells its shortcut. */
export function IconButton(props: IconButtonProps) {
  const { label, icon: Shape, iconSize = 16, shortcut, pressed, current, last, position, ...rest } = props
  const tip =
    shortcut === undefined ? (
      label
    ) : (
      <span className={classes.tip}>
        {label} <Kbd size="xs">{shortcutText(shortcut)}</Kbd>
      </span>
    )
  return (
    // What it has opened tells more than its name, and stands where the tooltip would.
    <Tooltip label={tip} disabled={rest['aria-expanded'] === true} {...(position && { position })}>
      <ActionIcon
        aria-label={label}
        className={classes.iconButton}
        {...(pressed !== undefined && { 'aria-pressed': pressed })}
        {...(current && { 'aria-current': 'page' })}
        {...(last && { 'data-last': true })}
        {...rest}
      >
        <Shape size={iconSize} stroke={1.5} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
