import { Autocomplete, Button, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { IconButton } from '../ui/IconButton.tsx'
import type { DriverOption } from './draft.ts'
import { dialectForms } from './fields.ts'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'

/** Options that are passed to the driver as they are. */
export function DriverOptions() {
  const { form } = useFormContext()
  const { options, dialect } = form.draft
  const set = (next: readonly DriverOption[]) => form.change((draft) => ({ ...draft, options: next }))
  const edit = (id: string, change: Partial<DriverOption>) =>
    set(options.map((option) => (option.id === id ? { ...option, ...change } : option)))
  const [added, setAdded] = useState<string>()
  const add = () => {
    const id = crypto.randomUUID()
    setAdded(id)
    set([...options, { id, name: '', value: '' }])
  }
  return (
    <div className={classes.options}>
      {options.map(({ id, name, value }, index) => (
        <div key={id} className={classes.option} data-path={`driver.${name}`}>
          <Autocomplete
            aria-label={`Option ${index + 1}`}
            placeholder="Option"
            autoFocus={id === added}
            data={[...dialectForms[dialect].driverOptions]}
            value={name}
            error={form.problems[`driver.${id}`]}
            onChange={(text) => edit(id, { name: text })}
            onBlur={() => form.leave(`driver.${id}`)}
          />
          <TextInput
            aria-label={`Value of option ${index + 1}`}
            placeholder="Value"
            autoComplete="off"
            value={value}
            onChange={({ currentTarget }) => edit(id, { value: currentTarget.value })}
          />
          <IconButton
            label={`Remove option ${index + 1}`}
            icon={IconTrash}
            onClick={() => set(options.filter((option) => option.id !== id))}
          />
        </div>
      ))}
      <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={add}>
        Add an option
      </Button>
    </div>
  )
}
