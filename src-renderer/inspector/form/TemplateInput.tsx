import { Autocomplete, type AutocompleteProps } from '@mantine/core'
import { useRef } from 'react'
import { usePipeline } from '../../stores/documents.ts'
import classes from './form.module.css'
import { useForm } from './scope.ts'
import { templateOffers } from './templates.ts'

type TemplateInputProps = Omit<AutocompleteProps, 'data' | 'filter' | 'renderOption' | 'value' | 'onChange'> & {
  value: string
  onChange(text: string): void
}

/** A line of text that offers the pipeline's parameters once `{{` is typed. */
export function TemplateInput({ value, onChange, ...rest }: TemplateInputProps) {
  const { document } = useForm()
  const parameters = usePipeline(document)?.parameters ?? []
  const input = useRef<HTMLInputElement>(null)
  const caret = input.current?.selectionStart ?? value.length
  const offers = templateOffers(value, caret, parameters)
  const types = new Map(parameters.map(({ name, type }) => [name, type]))
  const names = new Map(offers.map(({ text, name }) => [text, name]))
  return (
    <Autocomplete
      {...rest}
      ref={input}
      value={value}
      onChange={onChange}
      data={[...names.keys()]}
      filter={({ options }) => options}
      renderOption={({ option: { value: text } }) => (
        <span className={classes.option}>
          <span>{`{{${names.get(text)}}}`}</span>
          <span className={classes.optionType}>{types.get(names.get(text) ?? '')}</span>
        </span>
      )}
      comboboxProps={{ width: 220, position: 'bottom-start' }}
      selectFirstOptionOnChange
    />
  )
}
