import { SegmentedControl, TextInput } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import { useState } from 'react'
import { dialectIds } from '../../shared/connections.ts'
import { looksLikeUrl } from './draft.ts'
import { dialectForms } from './fields.ts'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'

const choices = dialectIds.map((value) => ({ value, label: dialectForms[value].title }))

/** Which database it is, chosen or told by a URL that is pasted. */
export function UrlField({ dialects }: { dialects: boolean }) {
  const { form } = useFormContext()
  const [url, setUrl] = useState('')
  const { dialect } = form.draft
  const read = async (text: string) => {
    // What was said of the one before stays to be read.
    if (text.trim() === '') return
    // A URL may hold a password: it does not stay on the screen.
    if (await form.readUrl(text)) setUrl('')
  }
  return (
    <div className={classes.fields}>
      {dialects && (
        <SegmentedControl
          aria-label="Kind of database"
          className={classes.wide}
          data={choices}
          value={dialect}
          onChange={(value) => {
            const chosen = dialectIds.find((id) => id === value)
            if (chosen) form.change((draft) => ({ ...draft, dialect: chosen }))
          }}
        />
      )}
      <TextInput
        className={classes.wide}
        data-path="url"
        autoFocus={dialects}
        label="Paste a URL"
        placeholder={dialectForms[dialect].urlExample}
        leftSection={<IconLink size={14} />}
        autoComplete="off"
        spellCheck={false}
        value={url}
        error={form.said.problem}
        description={form.said.note && <span role="status">{form.said.note}</span>}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        onChange={({ currentTarget }) => {
          setUrl(currentTarget.value)
          form.forgetSaid()
        }}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text')
          if (!looksLikeUrl(pasted)) return
          event.preventDefault()
          setUrl(pasted.trim())
          void read(pasted)
        }}
        onBlur={() => void read(url)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
          event.preventDefault()
          void read(url)
        }}
      />
    </div>
  )
}
