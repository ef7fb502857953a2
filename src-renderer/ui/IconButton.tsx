import { ActionIcon, type ActionIconProps, Kbd, Tooltip, type TooltipProps } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { MouseEvent } from 'react'
import { shortcutText } from '../commands/keys.ts'
import classes from './ui.module.css'

interface IconButtonProps extends Pick<ActionIconProps, 'size' | 'color' | 'variant' | 'disabled'> {
  /** Its name, in the tooltip too. */
  label: string
  icon: Icon
  /** Shown beside the name, as commands write it: `mod+B`. */
  shortcut?: string | undefined
  /** A switch that is on or off. */
  pressed?: boolean
  position?: NonNullable<TooltipProps['position']>
  onClick?(event: MouseEvent<HTMLButtonElement>): void
}

/** A button that is only an icon: named for those who cannot see it, with a tooltip that tells its shortcut. */
export function IconButton({ label, icon: Shape, shortcut, pressed, position, ...rest }: IconButtonProps) {
  const tip =
    shortcut === undefined ? (
      label
    ) : (
      <span className={classes.tip}>
        {label} <Kbd size="xs">{shortcutText(shortcut)}</Kbd>
      </span>
    )
  return (
    <Tooltip label={tip} {...(position && { position })}>
      <ActionIcon
        aria-label={label}
        {...(pressed !== undefined && { 'aria-pressed': pressed, 'data-pressed': pressed || undefined })}
        {...rest}
      >
        <Shape size={16} stroke={1.5} />
      </ActionIcon>
    </Tooltip>
  )
}
