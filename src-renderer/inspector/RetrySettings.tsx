import { MultiSelect, Switch } from '@mantine/core'
import { errorCodes } from '../../shared/errors.ts'
import { type Retry, retryDefaults } from '../../shared/pipeline/schema.ts'
import classes from './inspector.module.css'
import { NumberField } from './NumberField.tsx'

interface RetrySettingsProps {
  retry: Retry | undefined
  set(retry: Retry | undefined, burst?: string): void
}

const families = [...new Set(errorCodes.map((code) => code.replace(/_.*/, '')))]
/** `INTERNAL` is a family and a code. */
const causes = [...new Set([...families, ...errorCodes])]

/** Whether a node that failed is tried again, how often, and after which waits. */
export function RetrySettings({ retry, set }: RetrySettingsProps) {
  const change = (part: Partial<Retry>, burst?: string) => retry && set({ ...retry, ...part }, burst)
  return (
    <>
      <Switch
        label="Try again when it fails"
        checked={retry !== undefined}
        onChange={({ currentTarget }) => set(currentTarget.checked ? { count: 3, ...retryDefaults } : undefined)}
      />
      {retry && (
        <>
          <div className={classes.pair}>
            <NumberField
              label="Times"
              value={retry.count}
              min={0}
              max={100}
              whole
              optional={false}
              set={(count = 0) => change({ count }, 'retry count')}
            />
            <NumberField
              label="First wait (ms)"
              value={retry.delayMs}
              min={0}
              whole
              optional={false}
              set={(delayMs = 0) => change({ delayMs }, 'retry delay')}
            />
            <NumberField
              label="Each wait times"
              value={retry.factor}
              min={1}
              max={100}
              optional={false}
              set={(factor = 1) => change({ factor }, 'retry factor')}
            />
            <NumberField
              label="Jitter, 0 to 1"
              value={retry.jitter}
              min={0}
              max={1}
              optional={false}
              set={(jitter = 0) => change({ jitter }, 'retry jitter')}
            />
            <NumberField
              label="Longest wait (ms)"
              placeholder="no limit"
              value={retry.maxDelayMs}
              min={0}
              whole
              set={(maxDelayMs) => {
                const { maxDelayMs: _before, ...rest } = retry
                set(maxDelayMs === undefined ? rest : { ...rest, maxDelayMs }, 'retry longest')
              }}
            />
          </div>
          <MultiSelect
            label="On"
            description="Kinds of errors; those that may pass by themselves when none is chosen."
            data={causes}
            searchable
            limit={50}
            value={retry.on ?? []}
            onChange={(chosen) => {
              const { on: _before, ...rest } = retry
              const on = causes.filter((cause) => chosen.includes(cause))
              set(on.length === 0 ? rest : { ...rest, on })
            }}
          />
        </>
      )}
    </>
  )
}
