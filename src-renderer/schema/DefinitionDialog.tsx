import { Button, CopyButton, Loader } from '@mantine/core'
import { IconCheck, IconCopy, IconTerminal2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { api, asAppError } from '../api/client.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { openText } from '../workbench/open.ts'
import classes from './DefinitionDialog.module.css'
import type { Picked } from './place.ts'
import { showDefinition, useSchema } from './state.ts'

const SqlText = lazy(() => import('../results/SqlText.tsx'))
const close = () => showDefinition(null)

/** The SQL that makes a table or view, to read and to copy; once in the window. */
export function DefinitionDialog() {
  const shown = useSchema(({ definition }) => definition)
  return (
    <Dialog opened={shown !== null} onClose={close} title={`Definition of ${shown?.object?.name ?? ''}`} size={760}>
      {shown && <Definition shown={shown} />}
    </Dialog>
  )
}

function Definition({ shown }: { shown: Picked }) {
  const { connection, folder } = shown.database
  const { schema = null, name = '' } = shown.object ?? {}
  const { data, error } = useQuery({
    queryKey: ['schema', folder, connection, 'definition', schema, name],
    queryFn: () => api.schema.definition({ connection, folder, schema, name }),
  })
  if (error) {
    const { message, hint } = asAppError(error)
    return (
      <div role="alert">
        <p>{message}</p>
        {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      </div>
    )
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={classes.sql} tabIndex={0} aria-label="SQL" data-autofocus>
        {data ? (
          <Suspense fallback={<pre>{data.sql}</pre>}>
            <SqlText sql={data.sql} />
          </Suspense>
        ) : (
          <Loader size="sm" aria-label="Reading the definition" />
        )}
      </section>
      {data && <Actions sql={data.sql} onOpen={() => openText(name, data.sql, shown.database)} />}
    </>
  )
}

function Actions({ sql, onOpen }: { sql: string; onOpen(): void }) {
  return (
    <div className={classes.actions}>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTerminal2 size={14} aria-hidden />}
        onClick={() => {
          close()
          onOpen()
        }}
      >
        Open in a query
      </Button>
      <CopyButton value={sql}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            onClick={copy}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
