import '@fontsource-variable/inter'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import '../ui/tokens.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { askBeforeLeaving } from '../runs/leaving.ts'
import { followSchemaChanges } from '../schema/follow.ts'
import { followDocuments } from '../stores/looks.ts'
import { followWorkspace } from '../workbench/follow-workspace.ts'
import { askBeforeLosing } from '../workbench/leaving.ts'
import { App } from './App.tsx'
import { followFaults } from './faults.ts'
import { keepFocus } from './keep-focus.ts'
import { keepMiddleClicks } from './middle-click.ts'
import { start } from './start.ts'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root element.')

const queries = new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } } })

followFaults()
keepFocus()
keepMiddleClicks()
followDocuments()
askBeforeLeaving()
askBeforeLosing()
followSchemaChanges(queries)
followWorkspace(queries)
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
void start()
