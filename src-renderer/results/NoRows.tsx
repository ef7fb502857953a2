import { Button } from '@mantine/core'
import { IconAlertTriangle, IconPointer, IconTable, IconTableOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { AppError, ErrorReport } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { isTerminal } from '../../shared/run.ts'
import { perform } from '../commands/perform.ts'
import { refresh, run } from '../commands/run.ts'
import { wishRun } from '../runs/actions.ts'
import { documentOf } from '../stores/documents.ts'
import { goToField, select } from '../stores/selection.ts'
import { changeSettings } from '../stores/settings.ts'
import { Empty } from '../ui/Empty.tsx'
import type { Output } from './output.ts'
import classes from './results.module.css'

/** Why no rows can be shown, and what to do about it; nothing while there are some. */
export function NoRows({ document, output }: { document: string; output: Output | undefined }): ReactNode {
  if (!output) {
    return (
      <Empty
        icon={IconPointer}
        title="Pick a node to see its rows"
        description="Click a card, or choose a node above."
      />
    )
  }
  const { node, progress, run: shown, look, ports } = output
  if (progress?.state === 'failed' && progress.error) {
    return <Failure document={document} node={node} error={progress.error} />
  }
  if (ports.length === 0) {
    return (
      <Empty
        icon={IconTableOff}
        title="This node gives no rows"
        description="It ends the path: look at the node before it."
      />
    )
  }
  const running = shown !== undefined && !isTerminal(shown.state)
  if (running) {
    return <Empty icon={IconTable} title="Waiting for its turn" description={`${node} has not started yet.`} />
  }
  if (look?.error) return <Failure document={document} node={node} error={look.error} />
  const words = progress ? wordsOf(progress.state, shown?.state) : 'No rows yet'
  return (
    <Empty icon={IconTable} title={words} description="Run the pipeline, or only what this node needs.">
      <Button onClick={() => void perform({ ...run, run: () => wishRun(document, { to: node }) })}>Run to here</Button>
      <Button variant="default" onClick={() => void perform(run)}>
        Run all
      </Button>
    </Empty>
  )
}

function wordsOf(node: string, run: string | undefined): string {
  if (node === 'cancelled') return 'The run was stopped before its rows were there'
  if (node !== 'skipped') return 'No rows yet'
  return run === 'failed' ? 'It was left out because another node failed' : 'It was not part of the run'
}

export function Failure({ document, node, error }: { document: string; node: string; error: ErrorReport }) {
  const at = error.at?.node ?? node
  const kind = documentOf(document)?.history.present.nodes[at]?.kind ?? ''
  const field = error.at?.field ?? registry.get(kind)?.parameterFields?.[0]
  return (
    <div role="alert" className={classes.alert}>
      <Empty
        icon={IconAlertTriangle}
        title={error.message}
        description={error.hint ?? 'Change the node, then run it again.'}
      >
        {field === undefined ? (
          <Button variant="default" onClick={() => select(document, { nodes: [at] })}>
            Go to {at}
          </Button>
        ) : (
          <Button variant="default" onClick={() => goToField(document, at, field, error.at?.position)}>
            Go to field
          </Button>
        )}
      </Empty>
    </div>
  )
}

/** Rows could not be read although the node completed. */
export function Unreadable({ document, output, error }: { document: string; output: Output; error: AppError }) {
  if (error.code !== 'FILE_MISSING') return <Failure document={document} node={output.node} error={error.toJSON()} />
  const delivered = output.run?.mode === 'deliver'
  return (
    <Empty
      icon={IconTableOff}
      title={delivered ? 'This run kept no rows' : 'The rows are no longer kept'}
      description={
        delivered ? 'A run in deliver mode keeps only counts. Run in inspect mode to see the rows.' : error.hint
      }
    >
      <Button
        onClick={async () => {
          if (delivered) await changeSettings({ mode: 'inspect' })
          await perform(delivered ? run : refresh)
        }}
      >
        {delivered ? 'Run in inspect mode' : 'Run again'}
      </Button>
    </Empty>
  )
}
