import { ActionIcon, Tooltip } from '@mantine/core'
import { IconDatabase, IconHistory, IconSettings, IconTerminal2, IconTopologyStar3 } from '@tabler/icons-react'
import { goTo, type Screen, useWindow } from '../stores/window.ts'
import classes from './App.module.css'

const items = [
  { screen: 'pipelines', title: 'Pipelines', icon: IconTopologyStar3 },
  { screen: 'query', title: 'Query', icon: IconTerminal2 },
  { screen: 'connections', title: 'Connections', icon: IconDatabase },
  { screen: 'runs', title: 'Runs', icon: IconHistory },
  { screen: 'settings', title: 'Settings', icon: IconSettings },
] as const satisfies readonly { screen: Screen; title: string; icon: typeof IconDatabase }[]

export function Rail() {
  const shown = useWindow(({ screen }) => screen)
  return (
    <nav className={classes.rail} aria-label="Screens">
      {items.map(({ screen, title, icon: Icon }) => (
        <Tooltip key={screen} label={title} position="right">
          <ActionIcon
            aria-label={title}
            aria-current={shown === screen ? 'page' : undefined}
            size="lg"
            variant={shown === screen ? 'light' : 'subtle'}
            color={shown === screen ? 'accent' : 'gray'}
            data-last={screen === 'settings' || undefined}
            onClick={() => goTo(screen)}
          >
            <Icon size={20} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      ))}
    </nav>
  )
}
