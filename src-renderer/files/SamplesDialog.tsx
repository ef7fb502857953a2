import { Modal, Text } from '@mantine/core'
import { closeDialog, useWindow } from '../stores/window.ts'
import { SampleCards } from './SampleCards.tsx'

/** The samples, from wherever the user is. */
export function SamplesDialog() {
  const opened = useWindow(({ dialog }) => dialog?.kind === 'samples')
  return (
    <Modal
      opened={opened}
      onClose={closeDialog}
      title="Samples"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close dialog' }}
    >
      <Text size="sm" mb="md">
        Pipelines on small real data. They are your own copies, in the workspace: change them as you like.
      </Text>
      <SampleCards onOpened={closeDialog} />
    </Modal>
  )
}
