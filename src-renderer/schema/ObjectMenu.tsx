import { Menu } from '@mantine/core'
import { flushSync } from 'react-dom'
import { commandOf } from '../commands/index.ts'
import { shortcutText } from '../commands/keys.ts'
import { perform } from '../commands/perform.ts'
import { useFocusBack } from '../ui/focus.ts'
import classes from './ObjectMenu.module.css'
import { closeMenu, useSchema } from './state.ts'

/** What can be done with what is picked in a tree or a diagram, by the ids of commands. */
const groups: readonly (readonly string[])[] = [
  ['tables.open', 'tables.definition', 'tables.diagram', 'tables.toPipeline'],
  [
    'tables.writeName',
    'tables.write.columns',
    'tables.write.select',
    'tables.write.insert',
    'tables.write.update',
    'tables.copyName',
  ],
]

const outsideEvents = ['mousedown', 'touchstart']

/** The menu of a table, a column or a schema, where it was asked for; once in the window. */
export function ObjectMenu() {
  const at = useSchema(({ menu }) => menu)
  useFocusBack(at !== null)
  if (!at) return null
  const offered = groups
    .map((ids) => ids.map(commandOf).filter((command) => command?.enabled?.()))
    .filter((group) => group.length > 0)
  return (
    <Menu
      opened
      onClose={closeMenu}
      // Not by keys outside: the key that opens it is one.
      clickOutsideEvents={outsideEvents}
      position="bottom-start"
      offset={0}
      width={216}
      withInitialFocusPlaceholder={false}
      trapFocus
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label="Menu"
          className={classes.target}
          style={{ left: at.x, top: at.y }}
        />
      </Menu.Target>
      <Menu.Dropdown aria-label="What can be done">
        {offered.map((group, index) => [
          index > 0 && <Menu.Divider key={group[0]?.id} />,
          ...group.map((command) => {
            if (!command) return null
            const { id, title, icon: Icon, keys } = command
            return (
              <Menu.Item
                key={id}
                leftSection={Icon && <Icon size={14} stroke={1.6} aria-hidden />}
                rightSection={keys?.[0] && <span className={classes.keys}>{shortcutText(keys[0])}</span>}
                onClick={() => {
                  // The focus is back in the tree or the diagram before a dialog takes it from there.
                  flushSync(closeMenu)
                  void perform(command)
                }}
              >
                {title}
              </Menu.Item>
            )
          }),
        ])}
      </Menu.Dropdown>
    </Menu>
  )
}
