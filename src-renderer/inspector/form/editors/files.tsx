import { Button, TextInput } from '@mantine/core'
import { relativeTo } from '../../../files/paths.ts'
import { pickFile } from '../../../files/pick.ts'
import { documentOf, useDocument } from '../../../stores/documents.ts'
import { useDraft } from '../../useDraft.ts'
import { type EditorProps, textOf } from '../editor.ts'
import classes from '../form.module.css'
import { useForm } from '../scope.ts'
import { AddButton } from './AddButton.tsx'
import { Sortable } from './Sortable.tsx'

const extensions = ['csv', 'tsv', 'txt', 'json', 'ndjson', 'jsonl', 'parquet', 'gz', 'zst']

interface PathInputProps extends Pick<EditorProps, 'id' | 'label' | 'describedBy' | 'trouble'> {
  value: string
  purpose: 'open' | 'save'
  set(path: string, typed?: boolean): void
}

function PathInput({ value, set, purpose, id, label, describedBy, trouble }: PathInputProps) {
  const { document } = useForm()
  const draft = useDraft(value, (text) => set(text, true))
  const browse = async () => {
    const folder = documentOf(document)?.folder
    const title = purpose === 'open' ? 'Choose a file to read' : 'Choose a file to write'
    const path = await pickFile({ purpose, title, extensions, ...(folder !== undefined && { start: folder }) })
    if (path !== null) set(folder === undefined ? path : relativeTo(folder, path))
  }
  return (
    <div className={classes.withButton}>
      <TextInput
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        error={trouble !== undefined}
        placeholder={purpose === 'open' ? 'data/orders.csv or data/*.csv' : 'out/orders.csv'}
        value={draft.text}
        onChange={(event) => draft.setText(event.currentTarget.value)}
        onBlur={draft.leave}
      />
      <Button variant="default" size="xs" onClick={() => void browse()}>
        Browse…
      </Button>
    </div>
  )
}

/** One file, to be written. */
export function FileEditor({ value, set, ...rest }: EditorProps) {
  return (
    <PathInput
      {...rest}
      value={textOf(value)}
      purpose="save"
      set={(path, typed) => set(path === '' ? undefined : path, typed)}
    />
  )
}

/** One file to read, or several, or patterns. */
export function FilesEditor({ value, set, label, ...rest }: EditorProps) {
  const { document } = useForm()
  const folder = useDocument(document)?.folder
  const paths = Array.isArray(value) ? value.map(textOf) : [textOf(value)]
  const put = (next: readonly string[], typed?: boolean) => {
    const [only = ''] = next
    set(next.length > 1 ? next : only === '' ? undefined : only, typed)
  }
  const single = paths.length === 1
  return (
    <div data-items className={classes.items}>
      {single ? (
        <PathInput
          {...rest}
          label={label}
          value={paths[0] ?? ''}
          purpose="open"
          set={(path, typed) => put([path], typed)}
        />
      ) : (
        <Sortable items={paths} item="file" change={put}>
          {(path, index) => (
            <PathInput
              {...rest}
              id={`${rest.id}-${index}`}
              label={`${label} ${index + 1}`}
              value={path}
              purpose="open"
              set={(next, typed) => put(paths.with(index, next), typed)}
            />
          )}
        </Sortable>
      )}
      <div className={classes.actions}>
        <AddButton item="file" disabled={paths.some((path) => path === '')} add={() => set([...paths, ''])} />
        {folder !== undefined && <span className={classes.empty}>Starts at {folder}</span>}
      </div>
    </div>
  )
}
