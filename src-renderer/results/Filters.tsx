import { ActionIcon, Button, NativeSelect, Popover, TextInput } from '@mantine/core'
import { IconFilter, IconPlus, IconX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { filterOperators, type RowFilter } from '../../shared/contract/results.ts'
import type { Column, ColumnType } from '../../shared/data/types.ts'
import type { AppError } from '../../shared/errors.ts'
import { inWindow } from '../ui/in-window.ts'
import { filterWords, operatorsOf, operatorWords, takesValue } from './operators.ts'
import classes from './rows.module.css'
import { changeView, useView } from './views.ts'

interface FiltersProps {
  viewKey: string
  columns: readonly Column[]
  failure: AppError | undefined
  /** The column whose filter is being made; null while the form is closed. */
  opened: string | null
  onOpened(column: string | null): void
}

/** Filters as chips, and the form that changes them. All are applied at once, over all rows. */
export function Filters({ viewKey, columns, failure, opened, onOpened }: FiltersProps) {
  const { filters } = useView(viewKey)
  const first = columns[0]?.name ?? ''
  const button = useRef<HTMLButtonElement>(null)
  // What opened the form may be gone: a menu of a column. A click elsewhere takes the focus afterwards.
  const close = () => {
    onOpened(null)
    button.current?.focus()
  }
  const remove = (index: number) => {
    changeView(viewKey, { filters: filters.filter((_, other) => other !== index) })
    button.current?.focus()
  }
  return (
    <div className={classes.filters}>
      <Popover
        opened={opened !== null}
        onChange={(open) => !open && close()}
        position="bottom-start"
        middlewares={inWindow}
        withinPortal
        withRoles={false}
        trapFocus
      >
        <Popover.Target>
          <Button
            ref={button}
            size="compact-xs"
            variant={filters.length > 0 ? 'light' : 'subtle'}
            color={filters.length > 0 ? 'accent' : 'gray'}
            leftSection={<IconFilter size={14} aria-hidden />}
            aria-haspopup="dialog"
            aria-expanded={opened !== null}
            onClick={() => onOpened(opened === null ? first : null)}
          >
            {filters.length === 0 ? 'Filter' : `Filters (${filters.length})`}
          </Button>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label="Filters" p="sm" className={classes.dropdown}>
          {opened !== null && (
            <FilterForm
              filters={filters}
              columns={columns}
              column={opened}
              failure={failure}
              onApply={(next) => changeView(viewKey, { filters: next })}
              onDone={close}
            />
          )}
        </Popover.Dropdown>
      </Popover>
      {filters.map((filter, index) => (
        <span key={JSON.stringify(filter)} className={classes.chip}>
          <button type="button" onClick={() => onOpened(filter.column)} title="Change">
            {filterWords(filter)}
          </button>
          <ActionIcon size={16} aria-label={`Remove the filter ${filterWords(filter)}`} onClick={() => remove(index)}>
            <IconX size={12} aria-hidden />
          </ActionIcon>
        </span>
      ))}
    </div>
  )
}

/** What a value is when nothing is typed. */
const placeholderOf = ({ kind }: ColumnType) => (kind === 'text' || kind === 'enum' ? 'empty text' : 'value')

interface FormProps {
  filters: readonly RowFilter[]
  columns: readonly Column[]
  column: string
  failure: AppError | undefined
  onApply(filters: RowFilter[]): void
  onDone(): void
}

interface Draft {
  id: number
  filter: RowFilter
}

function FilterForm({ filters, columns, column, failure, onApply, onDone }: FormProps) {
  const typeOf = (name: string) => columns.find((other) => other.name === name)?.type ?? { kind: 'text' as const }
  const fresh = (name: string): RowFilter => ({
    column: name,
    operator: operatorsOf(typeOf(name))[0] ?? '=',
    value: '',
  })
  const [drafts, setDrafts] = useState<Draft[]>(() => {
    const known = filters.map((filter, id) => ({ id, filter }))
    return filters.some((filter) => filter.column === column)
      ? known
      : [...known, { id: known.length, filter: fresh(column) }]
  })
  const change = (id: number, filter: RowFilter) =>
    setDrafts((before) => before.map((draft) => (draft.id === id ? { id, filter } : draft)))
  const wrong = failure?.at.field?.startsWith('filters.') ? Number(failure.at.field.slice(8)) : -1
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        onApply(drafts.map(({ filter }) => filter))
        onDone()
      }}
    >
      {drafts.map(({ id, filter }, index) => (
        <div key={id} className={classes.formRow}>
          <NativeSelect
            aria-label="Column"
            size="xs"
            value={filter.column}
            data={columns.map(({ name }) => name)}
            onChange={(event) => change(id, fresh(event.currentTarget.value))}
          />
          <NativeSelect
            aria-label="Operator"
            size="xs"
            value={filter.operator}
            data={operatorsOf(typeOf(filter.column)).map((value) => ({ value, label: operatorWords[value] }))}
            onChange={({ currentTarget }) => {
              const operator = filterOperators.find((name) => name === currentTarget.value)
              if (operator) change(id, { ...filter, operator })
            }}
          />
          <TextInput
            aria-label="Value"
            size="xs"
            data-autofocus={filter.column === column || undefined}
            disabled={!takesValue(filter.operator)}
            placeholder={takesValue(filter.operator) ? placeholderOf(typeOf(filter.column)) : ''}
            error={index === wrong}
            value={takesValue(filter.operator) ? (filter.value ?? '') : ''}
            onChange={(event) => change(id, { ...filter, value: event.currentTarget.value })}
          />
          <ActionIcon
            aria-label="Remove"
            size="sm"
            onClick={() => setDrafts(drafts.filter((draft) => draft.id !== id))}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div className={classes.formFoot}>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() =>
            setDrafts([...drafts, { id: Math.max(-1, ...drafts.map(({ id }) => id)) + 1, filter: fresh(column) }])
          }
        >
          Add a filter
        </Button>
        <Button size="compact-xs" type="submit">
          Apply
        </Button>
      </div>
    </form>
  )
}
