import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { ConnectionInfo } from '../../shared/contract/connections.ts'
import { IconButton } from '../ui/IconButton.tsx'
import classes from './connections.module.css'
import type { Draft } from './draft.ts'
import { FieldList } from './FieldList.tsx'
import { dialectForms } from './fields.ts'
import formClasses from './form.module.css'
import { FormContext } from './form-context.ts'
import { MarkFields, NameFields } from './GeneralFields.tsx'
import { MoreSections, openAtFirst } from './MoreSections.tsx'
import { EnvironmentLabel } from './marks.tsx'
import { show } from './state.ts'
import { TestResult } from './TestResult.tsx'
import { UrlField } from './UrlField.tsx'
import { UsedBy } from './UsedBy.tsx'
import { useForm } from './useForm.ts'

interface ConnectionFormProps {
  initial: Draft
  /** What is saved under the name; absent for a new one. */
  saved?: ConnectionInfo
  taken: readonly string[]
}

export function ConnectionForm({ initial, saved, taken }: ConnectionFormProps) {
  const form = useForm(initial, saved?.name, taken)
  const { draft, testing, saving, problems } = form
  const [sections, setSections] = useState(() => openAtFirst(initial))
  const body = useRef<HTMLDivElement>(null)
  const environment = saved?.config.environment
  const onKeyDown = (event: KeyboardEvent) => {
    const mod = event.ctrlKey || event.metaKey
    const act = mod && event.key === 's' ? 'save' : mod && event.key === 'Enter' ? 'both' : event.key
    if (act !== 'save' && act !== 'both' && act !== 'Escape') return
    if (event.defaultPrevented || (act === 'Escape' && isListOpen(event.target))) return
    event.preventDefault()
    event.stopPropagation()
    if (act === 'Escape') void (testing?.state === 'running' ? form.stopTest() : show(null))
    else void save(act === 'both')
  }
  /** Where a test says to look; its section is opened first. */
  const goTo = (path: string) => {
    const section = path.split('.')[0] ?? ''
    if (path.includes('.')) setSections((before) => [...new Set([...before, section])])
    requestAnimationFrame(() => {
      const field = body.current?.querySelector<HTMLElement>(`[data-path="${path}"] :is(input, textarea, button)`)
      field?.scrollIntoView({ block: 'center' })
      field?.focus()
    })
  }
  const save = async (andTest: boolean) => {
    const wrong = await form.save(andTest)
    if (wrong !== undefined) goTo(wrong)
  }
  return (
    <FormContext.Provider value={{ form, secrets: saved?.secrets ?? {}, sections, openSections: setSections }}>
      <form
        className={formClasses.form}
        data-region
        aria-label={saved ? `Connection ${saved.name}` : 'New connection'}
        noValidate
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault()
          void save(false)
        }}
      >
        <div className={classes.head}>
          <h2>{saved?.name ?? 'New connection'}</h2>
          {environment && <EnvironmentLabel environment={environment} />}
          <span className={formClasses.space} />
          <IconButton label="Close form" icon={IconX} onClick={() => void show(null)} />
        </div>
        <div className={formClasses.formBody} ref={body}>
          <UrlField dialects={saved === undefined} />
          <NameFields />
          <FieldList fields={dialectForms[draft.dialect].main} />
          <MarkFields />
          {dialectForms[draft.dialect].server && <MoreSections />}
          {!dialectForms[draft.dialect].server && <MoreSections only="driver" />}
          {saved && <UsedBy name={saved.name} />}
        </div>
        <div className={formClasses.foot}>
          {problems.save !== undefined && (
            <p role="alert" className={formClasses.fault}>
              {problems.save}
            </p>
          )}
          <TestResult onGoTo={goTo} />
          <div className={formClasses.buttons}>
            {testing?.state === 'running' ? (
              <Button variant="default" onClick={form.stopTest}>
                Stop testing
              </Button>
            ) : (
              <Button variant="default" onClick={() => void form.test()}>
                Test
              </Button>
            )}
            <span className={formClasses.space} />
            <Button variant="default" loading={saving} onClick={() => void save(true)}>
              Save and test
            </Button>
            <Button type="submit" loading={saving}>
              Save
            </Button>
          </div>
        </div>
      </form>
    </FormContext.Provider>
  )
}

/** Whether a field shows the list of what it can hold: Escape closes that first. */
const isListOpen = (field: EventTarget) =>
  field instanceof HTMLElement && field.matches('[role="combobox"][aria-expanded="true"]')
