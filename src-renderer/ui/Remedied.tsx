import { Button, Stack } from '@mantine/core'

/** What may be done about an error, as a button beside it. */
export interface Remedy {
  label: string
  act(): void
}

/** The text of an error with a button under it. */
export function Remedied({ text, label, onAct }: { text: string; label: string; onAct(): void }) {
  return (
    <Stack gap={6} align="flex-start">
      {text}
      <Button size="compact-xs" variant="default" onClick={onAct}>
        {label}
      </Button>
    </Stack>
  )
}
