import { Button, Code } from '@mantine/core'
import { IconBug } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { Empty } from './Empty.tsx'

interface ErrorBoundaryProps {
  /** What the region is called, e.g. `inspector`. */
  region: string
  children: ReactNode
}

/** Keeps a fault in one region from taking the whole window; the region can be tried again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { fault: Error | null }> {
  override state: { fault: Error | null } = { fault: null }

  static getDerivedStateFromError(thrown: unknown): { fault: Error } {
    return { fault: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override render(): ReactNode {
    const { fault } = this.state
    if (!fault) return this.props.children
    return (
      <div role="alert">
        <Empty
          icon={IconBug}
          title={`The ${this.props.region} stopped working`}
          description={
            <>
              Your pipelines are safe. <Code>{fault.message}</Code>
            </>
          }
        >
          <Button variant="default" onClick={() => this.setState({ fault: null })}>
            Show it again
          </Button>
        </Empty>
      </div>
    )
  }
}
