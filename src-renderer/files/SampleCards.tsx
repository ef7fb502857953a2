import { Badge, UnstyledButton } from '@mantine/core'
import type { Sample } from '../../shared/contract/files.ts'
import { asAppError } from '../api/client.ts'
import { showError } from '../ui/notify.ts'
import { openFile } from './actions.ts'
import classes from './files.module.css'
import { useSamples } from './useSamples.ts'

/** The samples to open, each with what it shows. */
export function SampleCards({ onOpened }: { onOpened?(): void }) {
  const { data = [] } = useSamples()
  const open = async ({ path }: Sample) => {
    try {
      await openFile(path)
      onOpened?.()
    } catch (thrown) {
      showError(asAppError(thrown), 'The sample could not be opened')
    }
  }
  return (
    <ul className={classes.samples} aria-label="Samples">
      {data.map((sample, index) => (
        <li key={sample.id}>
          <UnstyledButton
            className={classes.sample}
            data-autofocus={index === 0 || undefined}
            onClick={() => void open(sample)}
          >
            <span className={classes.sampleTitle}>{sample.title}</span>
            <span className={classes.sampleText}>{sample.description}</span>
            {sample.service && (
              <Badge variant="default" size="xs" tt="none" fw={400}>
                Its web service starts on this machine
              </Badge>
            )}
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}
