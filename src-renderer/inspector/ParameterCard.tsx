import { CloseButton, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { removeParameter, setParameter } from '../../shared/pipeline/edit-pipeline.ts'
import { type Json, type Parameter, parameterTypes } from '../../shared/pipeline/schema.ts'
import { fieldText, valueProblem } from '../runs/parameter-values.ts'
import { changeDocument, documentOf } from '../stores/documents.ts'
import classes from './inspector.module.css'
import { nameProblem } from './parameter-name.ts'
import { useDraft } from './useDraft.ts'

interface ParameterCardProps {
  document: string
  index: number
  parameter: Parameter
}

const ranged = new Set<Parameter['type']>(['int', 'float', 'decimal', 'date', 'timestamp', 'timestamptz'])
const textOrNothing = (text: string): string | undefined => (text === '' ? undefined : text)

/** One parameter: its name, its type, and which values it takes. */
export function ParameterCard({ document, index, parameter }: ParameterCardProps) {
  const set = (change: Parameters<typeof setParameter>[2], burst?: string) =>
    changeDocument(
      document,
      (before) => setParameter(before, index, change),
      burst ? `parameter ${index} ${burst}` : null,
    )
  const { name, type, values = [], optional = false } = parameter
  const title = `Parameter ${name}`
  return (
    <fieldset className={classes.card} aria-label={title} data-item>
      <div className={classes.cardHead}>
        <NameField document={document} index={index} name={name} />
        <Select
          aria-label={`${title}, type`}
          allowDeselect={false}
          data={[...parameterTypes]}
          value={type}
          onChange={(next) => set({ type: parameterTypes.find((known) => known === next) ?? type })}
        />
        <CloseButton
          mt={3}
          size="sm"
          aria-label={`Remove parameter ${name}`}
          onClick={() => changeDocument(document, (before) => removeParameter(before, index))}
        />
      </div>
      <Line
        label="Default"
        placeholder={optional ? 'NULL' : 'must be given'}
        value={fieldText(parameter.default)}
        problem={parameter.default === undefined ? undefined : valueProblem(parameter, parameter.default)}
        set={(text) => set({ default: textOrNothing(text) }, 'default')}
      />
      <Line
        label="Description"
        value={parameter.description ?? ''}
        set={(text) => set({ description: text }, 'description')}
      />
      {ranged.has(type) && (
        <div className={classes.pair}>
          <Line
            label="At least"
            value={fieldText(parameter.min)}
            set={(text) => set({ min: textOrNothing(text) }, 'min')}
          />
          <Line
            label="At most"
            value={fieldText(parameter.max)}
            set={(text) => set({ max: textOrNothing(text) }, 'max')}
          />
        </div>
      )}
      {type !== 'json' && type !== 'boolean' && (
        <TagsInput
          size="xs"
          label="Only these values"
          splitChars={[]}
          placeholder={values.length === 0 ? 'any' : ''}
          value={values.map(fieldText)}
          onChange={(texts) =>
            set({ values: texts.map((text): Json => values.find((one) => fieldText(one) === text) ?? text) })
          }
        />
      )}
      <Switch
        label="Optional: NULL when no value is given"
        checked={optional}
        onChange={({ currentTarget }) => set({ optional: currentTarget.checked })}
      />
    </fieldset>
  )
}

interface LineProps {
  label: string
  value: string
  placeholder?: string
  problem?: string | undefined
  set(text: string): void
}

function Line({ label, value, placeholder, problem, set }: LineProps) {
  const draft = useDraft(value, set)
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={draft.text}
      error={problem}
      onChange={({ currentTarget }) => draft.setText(currentTarget.value)}
      onBlur={draft.leave}
    />
  )
}

/** The name, taken when it is one: the document never holds a name that the file could not. */
function NameField({ document, index, name }: { document: string; index: number; name: string }) {
  const [text, setText] = useState<string>()
  const others = documentOf(document)?.history.present.parameters.filter((_, at) => at !== index) ?? []
  const problem =
    text === undefined
      ? undefined
      : nameProblem(
          text,
          others.map((other) => other.name),
        )
  const take = () => {
    if (text !== undefined && problem === undefined && text !== name) {
      changeDocument(document, (before) => setParameter(before, index, { name: text }))
    }
    setText(undefined)
  }
  return (
    <TextInput
      aria-label={`Parameter ${name}, name`}
      value={text ?? name}
      error={problem}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={take}
      onKeyDown={({ key }) => key === 'Enter' && take()}
    />
  )
}
