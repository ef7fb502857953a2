import { Button, CloseButton } from '@mantine/core'
import { useColumns, useTableColumns } from '../columns.ts'
import type { EditorProps } from '../editor.ts'
import classes from '../form.module.css'
import { isObject } from '../pruned.ts'
import { ColumnPicker } from './ColumnEditor.tsx'
import { matchByName } from './mapping.ts'

/** What each arriving column is called in the table. */
export function MappingEditor({ field, value, set, id, label, trouble }: EditorProps) {
  const arriving = useColumns(field.port)
  const inTable = useTableColumns(true)
  const given: Record<string, unknown> = isObject(value) ? value : {}
  const names = arriving?.map(({ name }) => name) ?? []
  const gone = Object.keys(given).filter((name) => arriving !== null && !names.includes(name))
  const shown = [...names, ...(arriving === null ? Object.keys(given) : gone)]
  const put = (next: Record<string, unknown>, typed?: boolean) =>
    set(Object.keys(next).length === 0 ? undefined : next, typed)
  const rename = (from: string, to: string, typed?: boolean) => {
    const { [from]: _before, ...rest } = given
    put(to === '' || to === from ? rest : { ...rest, [from]: to }, typed)
  }
  if (shown.length === 0) return <div className={classes.empty}>Not known until rows arrive here.</div>
  return (
    <fieldset className={classes.items} aria-label={label}>
      <div className={classes.mapping} aria-hidden>
        <span className={classes.blockLabel}>Arrives as</span>
        <span className={classes.blockLabel}>In the table</span>
      </div>
      {shown.map((name) => (
        <div key={name} className={classes.mapping} data-field={`columns.${name}`}>
          <span className={classes.mapped} data-gone={gone.includes(name) || undefined} title={name}>
            {name}
          </span>
          {gone.includes(name) ? (
            <span className={classes.suggest}>
              does not arrive any more{' '}
              <CloseButton size="xs" aria-label={`Remove ${name}`} onClick={() => rename(name, '')} />
            </span>
          ) : (
            <ColumnPicker
              id={`${id}-${name}`}
              label={`${name} in the table`}
              describedBy={undefined}
              trouble={trouble}
              placeholder={name}
              columns={inTable}
              value={typeof given[name] === 'string' ? given[name] : ''}
              set={(to) => rename(name, to, true)}
            />
          )}
        </div>
      ))}
      {inTable && arriving && (
        <div className={classes.actions}>
          <Button
            variant="default"
            size="compact-xs"
            onClick={() =>
              put(
                matchByName(
                  names,
                  inTable.map((column) => column.name),
                ),
              )
            }
          >
            Match by name
          </Button>
          <Unmatched names={names.filter((name) => !inTable.some((column) => column.name === (given[name] ?? name)))} />
        </div>
      )}
    </fieldset>
  )
}

function Unmatched({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <span className={classes.empty}>All columns are in the table.</span>
  return <span className={classes.suggest}>Not in the table: {names.join(', ')}</span>
}
