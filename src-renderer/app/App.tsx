import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { lazy, Suspense, useEffect, useLayoutEffect, useRef } from 'react'
import { useShortcuts } from '../commands/useShortcuts.ts'
import { CompareDialog } from '../files/CompareDialog.tsx'
import { FileDialog } from '../files/FileDialog.tsx'
import { SamplesDialog } from '../files/SamplesDialog.tsx'
import { DefinitionDialog } from '../schema/DefinitionDialog.tsx'
import { ObjectMenu } from '../schema/ObjectMenu.tsx'
import { useSettings } from '../stores/settings.ts'
import { useWindow } from '../stores/window.ts'
import { Dialogs } from '../ui/Dialogs.tsx'
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx'
import { isFocusLost } from '../ui/focus.ts'
import { Hints } from '../ui/Hints.tsx'
import { theme, variables } from '../ui/theme.ts'
import classes from './App.module.css'
import { DropZone } from './DropZone.tsx'
import { HelpDialog } from './HelpDialog.tsx'
import { KeySheet } from './KeySheet.tsx'
import { LostBanner } from './LostBanner.tsx'
import { Palette } from './Palette.tsx'
import { PipelinesScreen } from './PipelinesScreen.tsx'
import { Rail } from './Rail.tsx'

const RunsScreen = lazy(() => import('../runs/RunsScreen.tsx'))
const SettingsScreen = lazy(() => import('../settings/SettingsScreen.tsx'))
const ConnectionsScreen = lazy(() => import('../connections/ConnectionsScreen.tsx'))
const VaultDialogs = lazy(() => import('../connections/VaultDialogs.tsx'))
const QueryScreen = lazy(() => import('../workbench/QueryScreen.tsx'))

export function App() {
  const scheme = useSettings(({ theme: chosen }) => chosen)
  const density = useSettings((settings) => settings.density)
  useShortcuts()
  // On the document: dialogs and menus stand beside the window, not in it.
  useLayoutEffect(() => {
    document.documentElement.dataset.density = density
  }, [density])
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      {...(scheme === 'system' ? {} : { forceColorScheme: scheme })}
    >
      <Notifications position="bottom-right" limit={4} />
      <div className={classes.window}>
        <Rail />
        <Screens />
      </div>
      <LostBanner />
      <Palette />
      <KeySheet />
      <HelpDialog />
      <SamplesDialog />
      <CompareDialog />
      <FileDialog />
      <DefinitionDialog />
      <ObjectMenu />
      <Dialogs />
      <Hints />
      <Suspense>
        <VaultDialogs />
      </Suspense>
      <DropZone />
    </MantineProvider>
  )
}

function Screens() {
  const screen = useWindow((state) => state.screen)
  const main = useRef<HTMLElement>(null)
  const first = useRef(screen)
  useEffect(() => {
    if (screen !== first.current && isFocusLost()) main.current?.focus()
    first.current = screen
  }, [screen])
  return (
    // Tab goes on with what a screen begins with.
    <main ref={main} className={classes.main} tabIndex={-1}>
      <ErrorBoundary key={screen} region={`${screen} screen`}>
        <Suspense>
          {screen === 'pipelines' && <PipelinesScreen />}
          {screen === 'query' && <QueryScreen />}
          {screen === 'connections' && <ConnectionsScreen />}
          {screen === 'runs' && <RunsScreen />}
          {screen === 'settings' && <SettingsScreen />}
        </Suspense>
      </ErrorBoundary>
    </main>
  )
}
