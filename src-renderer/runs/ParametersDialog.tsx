import { Button, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Json, Parameter } from '../../shared/pipeline/schema.ts'
import { asAppError } from '../api/client.ts'
import { usePipeline } from '../stores/documents.ts'
import { lookSoon } from '../stores/looks.ts'
import { paramsOf, setParams } from '../stores/params.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { showError } from '../ui/notify.ts'
import { startRun } from './actions.ts'
import { fieldText, fieldValue, valueProblem } from './parameter-values.ts'
import { useRunDialog } from './run-dialog.ts'
import classes from './runs.module.css'

/** Asks for the values of a pipeline's parameters, before a run that needs them or for runs to come. */
export function ParametersDialog() {
  const asking = useRunDialog((state) => state.asking)
  const close = () => useRunDialog.setState({ asking: null })
  return (
    <Dialog opened={asking !== null} onClose={close} title="Values of parameters" closeLabel="Close">
      {asking && <ParametersForm document={asking.document} wish={asking.wish} onDone={close} />}
    </Dialog>
  )
}

type Wish = Parameters<typeof startRun>[1]

function ParametersForm({ document, wish, onDone }: { document: string; wish: Wish | undefined; onDone(): void }) {
  const parameters = usePipeline(document)?.parameters ?? []
  const [texts, setTexts] = useState<Record<string, string>>(() => {
    const given = paramsOf(document)
    return Object.fromEntries(parameters.map(({ name }) => [name, fieldText(given[name])]))
  })
  const [tried, setTried] = useState(false)
  const values = parameters.map((parameter) => ({
    parameter,
    value: fieldValue(parameter, texts[parameter.name] ?? ''),
  }))
  const problems = new Map(values.map(({ parameter, value }) => [parameter.name, valueProblem(parameter, value)]))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if ([...problems.values()].some((problem) => problem !== undefined)) return
    const given = values.flatMap(({ parameter, value }): [string, Json][] =>
      value === undefined ? [] : [[parameter.name, value]],
    )
    setParams(document, Object.fromEntries(given))
    onDone()
    if (wish) void startRun(document, wish).catch((thrown) => showError(asAppError(thrown), 'The run did not start'))
    else lookSoon(document, 0)
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      {parameters.map((parameter, index) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          text={texts[parameter.name] ?? ''}
          problem={tried || texts[parameter.name] ? problems.get(parameter.name) : undefined}
          first={index === 0}
          onChange={(text) => setTexts((before) => ({ ...before, [parameter.name]: text }))}
        />
      ))}
      <div className={classes.actions}>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit">{wish ? 'Run' : 'Save'}</Button>
      </div>
    </form>
  )
}

interface FieldProps {
  parameter: Parameter
  text: string
  problem: string | undefined
  first: boolean
  onChange(text: string): void
}

function ParameterField({ parameter, text, problem, first, onChange }: FieldProps) {
  const { name, type, description, values, optional } = parameter
  const fallback = fieldText(parameter.default)
  const common = {
    label: name,
    description,
    error: problem,
    withAsterisk: fallback === '' && !optional,
    'data-autofocus': first || undefined,
    placeholder: fallback === '' ? type : `${fallback} (default)`,
  }
  const choices = values?.map(fieldText) ?? (type === 'boolean' ? ['true', 'false'] : undefined)
  return choices ? (
    <Select
      {...common}
      data={choices}
      value={text === '' ? null : text}
      clearable
      onChange={(value) => onChange(value ?? '')}
    />
  ) : (
    <TextInput {...common} value={text} onChange={({ currentTarget }) => onChange(currentTarget.value)} />
  )
}
