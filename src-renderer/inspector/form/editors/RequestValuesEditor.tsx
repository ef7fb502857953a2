import { Select, TextInput } from '@mantine/core'
import type { EditorProps } from '../editor.ts'
import classes from '../form.module.css'
import { TemplateInput } from '../TemplateInput.tsx'
import { useEntries } from '../useEntries.ts'
import { AddButton } from './AddButton.tsx'
import { readLines, type ValueLine, writeLines } from './request-values.ts'
import { SecretName } from './SecretName.tsx'
import { Sortable } from './Sortable.tsx'

const kinds = [
  { value: 'text', label: 'Text' },
  { value: 'secret', label: 'Secret' },
]

/** Headers or query parameters: texts, or the names of secrets that are joined in just before a request. */
export function RequestValuesEditor({ field, value, set, label }: EditorProps) {
  const repeats = field.name === 'query'
  const { lines, put } = useEntries(value, readLines, (next) => writeLines(next, repeats), set)
  const item = repeats ? 'parameter' : 'header'
  const change = (index: number, part: Partial<ValueLine>, typed?: boolean) =>
    put(
      lines.map((line, place) => (place === index ? { ...line, ...part } : line)),
      typed,
    )
  return (
    <fieldset data-items className={classes.items} aria-label={label}>
      <Sortable items={lines} item={item} block change={put}>
        {(line, index) => {
          const input = (name: string, part: 'name' | 'prefix', placeholder: string) => (
            <TextInput
              aria-label={`${label} ${index + 1}, ${name}`}
              placeholder={placeholder}
              value={line[part]}
              onChange={({ currentTarget }) => change(index, { [part]: currentTarget.value }, true)}
            />
          )
          return (
            <div className={classes.block}>
              <div className={classes.line}>
                {input('name', 'name', repeats ? 'name' : 'Header')}
                <Select
                  aria-label={`${label} ${index + 1}, kind`}
                  data={kinds}
                  value={line.kind}
                  allowDeselect={false}
                  onChange={(kind) => change(index, { kind: kind === 'secret' ? 'secret' : 'text' })}
                />
              </div>
              {line.kind === 'text' ? (
                <TemplateInput
                  aria-label={`${label} ${index + 1}, value`}
                  placeholder="value or {{parameter}}"
                  value={line.text}
                  onChange={(text) => change(index, { text }, true)}
                />
              ) : (
                <SecretName
                  label={`${label} ${index + 1}, name of the secret`}
                  name={line.text}
                  onChange={(text) => change(index, { text }, true)}
                >
                  {input('text before the secret', 'prefix', 'Bearer ')}
                </SecretName>
              )}
            </div>
          )
        }}
      </Sortable>
      <div className={classes.actions}>
        <AddButton item={item} add={() => put([...lines, { name: '', kind: 'text', text: '', prefix: '', was: '' }])} />
      </div>
    </fieldset>
  )
}
