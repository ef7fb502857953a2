import { screenCommands } from '../commands/go.ts'
import { perform } from '../commands/perform.ts'
import { type Screen, screens, useWindow } from '../stores/window.ts'
import { IconButton } from '../ui/IconButton.tsx'
import classes from './App.module.css'
import { MainMenu } from './MainMenu.tsx'

/** The screens, and the menu of everything. */
export function Rail() {
  const shown = useWindow(({ screen }) => screen)
  return (
    <nav className={classes.rail} aria-label="Screens" data-region>
      <MainMenu />
      {screens.map((screen) => (
        <RailButton key={screen} screen={screen} current={shown === screen} />
      ))}
    </nav>
  )
}

function RailButton({ screen, current }: { screen: Screen; current: boolean }) {
  const command = screenCommands[screen]
  return (
    <IconButton
      label={command.title}
      icon={command.icon}
      shortcut={command.keys?.[0]}
      position="right"
      size={36}
      iconSize={20}
      current={current}
      last={screen === 'settings'}
      onClick={() => void perform(command)}
    />
  )
}
