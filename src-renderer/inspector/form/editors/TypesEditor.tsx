import { useColumns } from '../columns.ts'
import type { EditorProps } from '../editor.ts'
import classes from '../form.module.css'
import { isObject } from '../pruned.ts'
import { useForm } from '../scope.ts'
import { useEntries } from '../useEntries.ts'
import { AddButton } from './AddButton.tsx'
import { TextEditor, TypeEditor } from './basic.tsx'
import { ColumnPicker } from './ColumnEditor.tsx'
import { Sortable } from './Sortable.tsx'

interface Line {
  name: string
  type: string
}

const read = (value: unknown): Line[] =>
  isObject(value) ? Object.entries(value).map(([name, type]) => ({ name, type: String(type) })) : []

function write(lines: readonly Line[]): unknown {
  const named = lines.filter(({ name, type }) => name !== '' && type !== '')
  return named.length === 0 ? undefined : Object.fromEntries(named.map(({ name, type }) => [name, type]))
}

/** Types by column. */
export function TypesEditor(props: EditorProps) {
  const { field, value, set, label, path } = props
  const { definition, troubles } = useForm()
  const columns = useColumns(field.port)
  const { lines, put } = useEntries(value, read, write, set)
  // A load takes the database's own spelling.
  const Type = definition.kind === 'load' ? TextEditor : TypeEditor
  return (
    <fieldset data-items className={classes.items} aria-label={label}>
      <Sortable items={lines} item="type" change={put}>
        {(line, index) => (
          <div className={classes.line}>
            <ColumnPicker
              id={`${props.id}-${index}`}
              label={`${label} ${index + 1}, column`}
              describedBy={undefined}
              trouble={undefined}
              placeholder="column"
              columns={columns}
              value={line.name}
              set={(name) => put(lines.with(index, { ...line, name }), true)}
            />
            <Type
              {...props}
              setting={undefined}
              id={`${props.id}-${index}-type`}
              label={`${label} ${index + 1}, type`}
              describedBy={undefined}
              placeholder="type"
              trouble={troubles.get(`${path.join('.')}.${line.name}`)}
              value={line.type}
              set={(type, typed) =>
                put(lines.with(index, { ...line, type: typeof type === 'string' ? type : '' }), typed)
              }
            />
          </div>
        )}
      </Sortable>
      <div className={classes.actions}>
        <AddButton item="type" add={() => put([...lines, { name: '', type: '' }])} />
      </div>
    </fieldset>
  )
}
