import { Button } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import type { RunState } from '../../shared/run.ts'

interface StopButtonProps {
  state: RunState
  /** Whether the engine of this window runs it. */
  here: boolean
  onClick(): void
}

export function StopButton({ state, here, onClick }: StopButtonProps) {
  return (
    <Button
      color="red"
      leftSection={<IconPlayerStop size={14} />}
      disabled={state === 'cancelling' || !here}
      title={here ? undefined : 'Another process runs it'}
      onClick={onClick}
    >
      Stop
    </Button>
  )
}
