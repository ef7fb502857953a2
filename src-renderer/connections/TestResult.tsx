import { Button, Loader } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import type { ConnectionTest, Diagnosis } from '../../shared/contract/connections.ts'
import { api, asAppError } from '../api/client.ts'
import { formatDuration } from '../ui/format.ts'
import { showError } from '../ui/notify.ts'
import { dialectForms } from './fields.ts'
import { useFormContext } from './form-context.ts'
import classes from './test-result.module.css'
import { openVaultDialog } from './vault-dialog.ts'

/** What came of trying the connection. */
export function TestResult({ onGoTo }: { onGoTo(path: string): void }) {
  const { form } = useFormContext()
  const { testing, draft, kept } = form
  if (!testing) {
    return kept ? (
      <div role="status" className={classes.result} data-tone="ok">
        <IconCircleCheck size={16} aria-hidden />
        <strong>Saved</strong>
      </div>
    ) : null
  }
  if (testing.state === 'running') {
    return (
      <div role="status" className={classes.result}>
        <Loader size={14} /> Connecting…
      </div>
    )
  }
  const { test } = testing
  if (test.ok) {
    return (
      <div role="status" className={classes.result} data-tone="ok">
        <IconCircleCheck size={16} aria-hidden />
        <div>
          <strong>Connected</strong> to {dialectForms[draft.dialect].title} {test.version} in {formatDuration(test.ms)}.
          {test.latencyMs !== undefined && ` A question takes ${formatDuration(test.latencyMs)}.`}
        </div>
      </div>
    )
  }
  return <Failure test={test} onGoTo={onGoTo} />
}

function Failure({ test: { error, diagnosis }, onGoTo }: { test: ConnectionTest; onGoTo(path: string): void }) {
  return (
    <div role="alert" className={classes.result} data-tone="bad">
      <IconCircleX size={16} aria-hidden />
      <div>
        <strong>{diagnosis?.title ?? 'The connection failed'}</strong>
        <p>{error?.message}</p>
        {diagnosis && (
          <>
            <ul>
              {diagnosis.steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ul>
            <Remedies diagnosis={diagnosis} onGoTo={onGoTo} />
          </>
        )}
      </div>
    </div>
  )
}

/** What can be done about it with one click. */
function Remedies({
  diagnosis: { kind, field, change },
  onGoTo,
}: {
  diagnosis: Diagnosis
  onGoTo(path: string): void
}) {
  const { form } = useFormContext()
  const trustAgain = async () => {
    try {
      const { texts } = form.draft
      const port = texts['tunnel.port']
      await api.connections.forgetHostKey({
        host: texts['tunnel.host'] ?? '',
        ...(port === undefined || port === '' ? {} : { port: Number(port) }),
      })
      await form.test()
    } catch (thrown) {
      showError(asAppError(thrown), 'The key was not forgotten')
    }
  }
  return (
    <div className={classes.remedies}>
      {change && (
        <Button variant="default" size="compact-xs" onClick={() => form.set(change.field, change.value)}>
          {change.label}
        </Button>
      )}
      {kind === 'tunnel-host-key' && (
        <Button variant="default" size="compact-xs" color="red" onClick={() => void trustAgain()}>
          Trust the new key
        </Button>
      )}
      {kind === 'vault' && (
        <Button variant="default" size="compact-xs" onClick={() => openVaultDialog('unlock')}>
          Unlock secrets…
        </Button>
      )}
      {field && !change && (
        <Button variant="default" size="compact-xs" onClick={() => onGoTo(field)}>
          Go to the field
        </Button>
      )}
    </div>
  )
}
