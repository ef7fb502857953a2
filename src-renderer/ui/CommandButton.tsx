import { type Icon, IconCommand } from '@tabler/icons-react'
import type { Command } from '../commands/define.ts'
import { useEnabled } from '../commands/enabled.ts'
import { perform } from '../commands/perform.ts'
import { IconButton } from './IconButton.tsx'

interface CommandButtonProps {
  command: Command
  /** Instead of the command's own. */
  icon?: Icon
  label?: string
  /** A switch that is on or off. */
  pressed?: boolean
}

/** An icon that does what a command says; greyed while it cannot be done. */
export function CommandButton({ command, icon, label, pressed }: CommandButtonProps) {
  const enabled = useEnabled(command)
  return (
    <IconButton
      label={label ?? command.title}
      icon={icon ?? command.icon ?? IconCommand}
      shortcut={command.keys?.[0]}
      disabled={!enabled}
      {...(pressed !== undefined && { pressed })}
      onClick={() => void perform(command)}
    />
  )
}
