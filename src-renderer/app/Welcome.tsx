import { EmptyState } from '@mantine/core'

/** Shown while no pipeline is open. */
export function Welcome() {
  return <EmptyState m="auto" title="No pipeline is open" description="Open one, or start with a sample." />
}
