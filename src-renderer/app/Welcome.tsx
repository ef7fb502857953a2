import { Button, CloseButton, Kbd, UnstyledButton } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { RecentFile } from '../../shared/contract/files.ts'
import { api, asAppError } from '../api/client.ts'
import type { Command } from '../commands/define.ts'
import { newFile, open } from '../commands/file.ts'
import { palette } from '../commands/help.ts'
import { shortcutText } from '../commands/keys.ts'
import { perform } from '../commands/perform.ts'
import { openFile } from '../files/actions.ts'
import { folderName, shortPath } from '../files/paths.ts'
import { SampleCards } from '../files/SampleCards.tsx'
import { useRecent } from '../files/useSamples.ts'
import { useOwnFolder } from '../stores/program.ts'
import { formatTime } from '../ui/format.ts'
import { showError } from '../ui/notify.ts'
import classes from './Welcome.module.css'

const starts: readonly Command[] = [newFile, open, palette]

/** Shown while no pipeline is open: where to begin. */
export function Welcome() {
  return (
    <div className={classes.page}>
      <div className={classes.content}>
        <h1 className={classes.title}>Sluice</h1>
        <p className={classes.lead}>Rows from here, shaped, put there.</p>
        <div className={classes.starts}>
          {starts.map((command, index) => (
            <Button
              key={command.id}
              size="sm"
              variant={index === 0 ? 'filled' : 'default'}
              {...(command.icon && { leftSection: <command.icon size={16} stroke={1.5} aria-hidden /> })}
              {...(command.keys?.[0] !== undefined &&
                index > 0 && { rightSection: <Kbd size="xs">{shortcutText(command.keys[0])}</Kbd> })}
              onClick={() => void perform(command)}
            >
              {command.title}
            </Button>
          ))}
        </div>
        <p className={classes.hint}>
          Or drop a file here: a pipeline opens, a CSV, JSON or Parquet file becomes the first node of a new one.
        </p>
        <div className={classes.columns}>
          <section aria-labelledby="welcome-recent">
            <h2 id="welcome-recent">Recent</h2>
            <Recent />
          </section>
          <section aria-labelledby="welcome-samples">
            <h2 id="welcome-samples">Samples</h2>
            <SampleCards />
          </section>
        </div>
      </div>
    </div>
  )
}

function Recent() {
  const { data = [], isPending } = useRecent()
  const queries = useQueryClient()
  const own = useOwnFolder()
  const forget = async ({ path }: RecentFile) => {
    await api.files.forget({ path })
    await queries.invalidateQueries({ queryKey: ['recent'] })
  }
  if (!isPending && data.length === 0) return <p className={classes.none}>Pipelines you open appear here.</p>
  return (
    <ul className={classes.recent}>
      {data.slice(0, 12).map((file) => (
        <li key={file.path}>
          <UnstyledButton
            className={classes.recentFile}
            disabled={!file.exists}
            title={`${file.path}, opened ${formatTime(file.openedAt)}`}
            onClick={() => void openFile(file.path).catch((thrown) => showError(asAppError(thrown), 'Not opened'))}
          >
            <span className={classes.recentName}>{file.name}</span>
            <span className={classes.recentPlace}>
              {file.exists ? shortPath(folderName(file.path), own) : 'not there any more'}
            </span>
          </UnstyledButton>
          <CloseButton
            size="xs"
            className={classes.forget}
            aria-label={`Forget ${file.name}`}
            onClick={() => void forget(file)}
          />
        </li>
      ))}
    </ul>
  )
}
