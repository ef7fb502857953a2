import { Button, Code } from '@mantine/core'
import { IconFileAlert } from '@tabler/icons-react'
import { asAppError } from '../api/client.ts'
import type { BrokenFile } from '../stores/documents.ts'
import { Empty } from '../ui/Empty.tsx'
import { showError } from '../ui/notify.ts'
import { openFile } from './actions.ts'
import { closeTab } from './close.ts'
import classes from './files.module.css'
import { baseName } from './paths.ts'

/** Says why a file cannot be shown as a pipeline, and where it goes wrong. The file itself is left as it is. */
export function BrokenView({ file: { path, error }, tab }: { file: BrokenFile; tab: string }) {
  const { line, column, path: place } = error.at ?? {}
  const again = () => void openFile(path).catch((thrown) => showError(asAppError(thrown), 'The file cannot be read'))
  return (
    <div className={classes.broken} role="alert">
      <Empty
        icon={IconFileAlert}
        title={
          error.code === 'DOC_VERSION'
            ? `${baseName(path)} is from a newer version of Sluice`
            : `${baseName(path)} is not a readable pipeline`
        }
        description={
          <>
            <span>{error.message}</span> <span>{error.hint}</span>
            {line !== undefined && !error.message.startsWith('Line ') && (
              <p>
                Line {line}
                {column !== undefined && `, column ${column}`}
                {place !== undefined && (
                  <>
                    , at <Code>{place}</Code>
                  </>
                )}
              </p>
            )}
            <p>The file was not changed. Correct it in a text editor, then try again.</p>
          </>
        }
      >
        <Button variant="default" onClick={() => void closeTab(tab)}>
          Close
        </Button>
        <Button onClick={again}>Try again</Button>
      </Empty>
    </div>
  )
}
