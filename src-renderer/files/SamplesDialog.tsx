import { Text } from '@mantine/core'
import { closeDialog, useWindow } from '../stores/window.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { SampleCards } from './SampleCards.tsx'

/** The samples, from wherever the user is. */
export function SamplesDialog() {
  const opened = useWindow(({ dialog }) => dialog?.kind === 'samples')
  return (
    <Dialog opened={opened} onClose={closeDialog} title="Samples" size="lg">
      <Text size="sm" mb="md">
        Pipelines on small real data. They are your own copies, in the workspace: change them as you like.
      </Text>
      <SampleCards onOpened={closeDialog} />
    </Dialog>
  )
}
