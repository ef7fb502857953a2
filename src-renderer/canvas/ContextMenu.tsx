import { Menu } from '@mantine/core'
import { commandOf } from '../commands/index.ts'
import { shortcutText } from '../commands/keys.ts'
import { perform } from '../commands/perform.ts'
import { inWindow } from '../ui/in-window.ts'
import classes from './ContextMenu.module.css'
import type { Overlay } from './state.ts'

type Target = Extract<Overlay, { type: 'menu' }>['target']

/** What can be done with what is under the pointer, by the ids of commands; lines between groups of them. */
const menus: Readonly<Record<Target, readonly (readonly string[])[]>> = {
  node: [
    ['run.to', 'run.from'],
    ['canvas.connect', 'canvas.runAfter', 'canvas.rename', 'canvas.disable', 'canvas.enable'],
    ['edit.cut', 'edit.copy', 'edit.duplicate', 'edit.delete'],
    [
      'canvas.group',
      'canvas.leaveGroup',
      'canvas.layoutPicked',
      'canvas.align.left',
      'canvas.align.top',
      'canvas.distribute.y',
    ],
  ],
  edge: [['canvas.insert'], ['edit.delete']],
  note: [
    ['canvas.rename', 'canvas.color'],
    ['edit.cut', 'edit.copy', 'edit.duplicate', 'edit.delete'],
  ],
  group: [
    ['canvas.rename', 'canvas.color', 'canvas.ungroup'],
    ['edit.cut', 'edit.copy', 'edit.duplicate', 'edit.delete'],
  ],
  canvas: [
    ['canvas.add', 'canvas.note', 'edit.paste'],
    ['edit.selectAll', 'canvas.layout', 'canvas.fit', 'canvas.find', 'canvas.minimap'],
  ],
}

export function ContextMenu({
  overlay: { spot, target },
  onClose,
}: {
  overlay: Extract<Overlay, { type: 'menu' }>
  onClose(): void
}) {
  const groups = menus[target]
    .map((ids) => ids.map(commandOf).filter((command) => command !== undefined && (command.enabled?.() ?? true)))
    .filter((group) => group.length > 0)
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      offset={0}
      width={264}
      middlewares={inWindow}
      closeOnEscape={false}
      trapFocus
    >
      <Menu.Target>
        <span className={classes.target} style={{ left: within(spot.x), top: within(spot.y) }} />
      </Menu.Target>
      <Menu.Dropdown
        aria-label="What can be done"
        className={classes.dropdown}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          // Escape further up stops the run.
          event.preventDefault()
          event.stopPropagation()
          onClose()
        }}
      >
        {groups.map((group, index) => [
          index > 0 && <Menu.Divider key={group[0]?.id} />,
          ...group.map((command) => {
            if (!command) return null
            const { id, title, icon: Icon, keys } = command
            return (
              <Menu.Item
                key={id}
                leftSection={Icon ? <Icon size={14} stroke={1.6} /> : <span className={classes.gap} />}
                rightSection={keys?.[0] && <span className={classes.keys}>{shortcutText(keys[0])}</span>}
                color={id === 'edit.delete' ? 'red' : undefined}
                onClick={() => {
                  onClose()
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

/** What is picked may be out of sight; a menu there would be so, too. */
const within = (pixels: number) => `clamp(8px, ${pixels}px, 100% - 8px)`
