import { Menu } from '@mantine/core'
import { IconMenu2 } from '@tabler/icons-react'
import { type Command, type Section, sections } from '../commands/define.ts'
import { isEnabled } from '../commands/enabled.ts'
import { commands } from '../commands/index.ts'
import { shortcutText } from '../commands/keys.ts'
import { perform } from '../commands/perform.ts'
import { IconButton } from '../ui/IconButton.tsx'
import classes from './App.module.css'

/** Commands that menus list, by section. */
export const menuSections: readonly { section: Section; items: readonly Command[] }[] = sections
  .map((section) => ({ section, items: commands.filter((item) => item.section === section && !item.hidden) }))
  .filter(({ items }) => items.length > 0)

/** Everything that can be done, section by section. */
export function MainMenu() {
  return (
    <Menu position="right-start" width={200} trapFocus returnFocus>
      <Menu.Target>
        <IconButton label="Menu" icon={IconMenu2} size={36} iconSize={20} position="right" />
      </Menu.Target>
      <Menu.Dropdown>
        {menuSections.map(({ section, items }) => (
          <Menu.Sub key={section} position="right-start">
            <Menu.Sub.Target>
              <Menu.Sub.Item>{section}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown className={classes.subMenu}>
              {items.map((command) => (
                <CommandItem key={command.id} command={command} />
              ))}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function CommandItem({ command }: { command: Command }) {
  const { title, icon: Shape, keys } = command
  return (
    <Menu.Item
      disabled={!isEnabled(command)}
      leftSection={Shape ? <Shape size={16} stroke={1.5} aria-hidden /> : <span className={classes.noIcon} />}
      rightSection={keys?.[0] !== undefined && <span className={classes.menuKeys}>{shortcutText(keys[0])}</span>}
      onClick={() => void perform(command)}
    >
      {title}
    </Menu.Item>
  )
}
