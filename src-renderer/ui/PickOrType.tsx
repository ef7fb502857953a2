import { Autocomplete, type AutocompleteProps, type OptionsFilter } from '@mantine/core'
import { useCallback, useState } from 'react'

type PickOrTypeProps = Omit<AutocompleteProps, 'filter' | 'data' | 'value'> & {
  data: readonly string[]
  value: string
}

const matches = (label: string, typed: string) => label.toLowerCase().includes(typed.trim().toLowerCase())

/** A field to type into, or to pick from a list. What is typed narrows the list; before that, all of it is offered, whatever the field holds. */
export function PickOrType({ data, value, onFocus, onOptionSubmit, ...rest }: PickOrTypeProps) {
  const [untouched, setUntouched] = useState(value)
  const filter = useCallback<OptionsFilter<string>>(
    ({ options, search, limit }) =>
      options
        .filter((option) => search === untouched || ('label' in option && matches(option.label, search)))
        .slice(0, limit),
    [untouched],
  )
  return (
    <Autocomplete
      {...rest}
      data={[...data]}
      value={value}
      filter={filter}
      onFocus={(event) => {
        setUntouched(value)
        onFocus?.(event)
      }}
      onOptionSubmit={(picked) => {
        setUntouched(picked)
        onOptionSubmit?.(picked)
      }}
    />
  )
}
