import { Button, TextInput } from '@mantine/core'
import { api, asAppError } from '../api/client.ts'
import { pickFile } from '../files/pick.ts'
import { showError } from '../ui/notify.ts'
import type { FieldSpec } from './fields.ts'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'

const extensions = ['db', 'sqlite', 'sqlite3', 'db3']

/** The file of a database that lives in one: typed, picked, or made. */
export function FileField({ field: { path, label } }: { field: FieldSpec }) {
  const { form } = useFormContext()
  const take = (file: string | null) => {
    if (file !== null) form.set(path, file)
  }
  const create = async () => {
    const file = await pickFile({ purpose: 'save', title: 'Create a database', extensions, name: 'new.db' })
    if (file === null) return
    try {
      await api.connections.createFile({ path: file })
      take(file)
    } catch (thrown) {
      showError(asAppError(thrown), 'The database was not created')
    }
  }
  return (
    <div className={classes.withButtons}>
      <TextInput
        label={label}
        placeholder="/data/shop.db"
        autoComplete="off"
        spellCheck={false}
        value={form.draft.texts[path] ?? ''}
        error={form.problems[path]}
        onChange={({ currentTarget }) => form.set(path, currentTarget.value)}
        onBlur={() => form.leave(path)}
      />
      <Button
        variant="default"
        onClick={async () => take(await pickFile({ purpose: 'open', title: 'Pick a database', extensions }))}
      >
        Browse…
      </Button>
      <Button variant="default" onClick={() => void create()}>
        Create new…
      </Button>
    </div>
  )
}
