import { Accordion, Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { DriverOptions } from './DriverOptions.tsx'
import type { Draft } from './draft.ts'
import { FieldList } from './FieldList.tsx'
import { poolFields, tlsFields } from './fields.ts'
import classes from './form.module.css'
import { useFormContext } from './form-context.ts'
import type { Problems } from './problems.ts'
import { TunnelFields } from './TunnelFields.tsx'

const modes = [
  { value: 'prefer', label: 'Where offered' },
  { value: 'require', label: 'Required, certificate not checked' },
  { value: 'verify', label: 'Required and verified' },
  { value: 'off', label: 'Off' },
]

interface SectionSpec {
  id: string
  title: string
  /** What is set, for when the section is closed. */
  summary(draft: Draft): string
  body: ReactNode
}

const sections: readonly SectionSpec[] = [
  {
    id: 'tls',
    title: 'Encryption (TLS)',
    summary: ({ texts }) => modes.find(({ value }) => value === (texts['tls.mode'] ?? 'prefer'))?.label ?? '',
    body: <TlsFields />,
  },
  {
    id: 'tunnel',
    title: 'SSH tunnel',
    summary: ({ tunnel, texts }) => (tunnel === 'off' ? 'Off' : `By way of ${texts['tunnel.host'] || '…'}`),
    body: <TunnelFields />,
  },
  {
    id: 'pool',
    title: 'Pool',
    summary: ({ texts }) => `${texts['pool.max'] || 8} connections at most`,
    body: <FieldList fields={poolFields} />,
  },
  {
    id: 'driver',
    title: 'Driver options',
    summary: ({ options }) => (options.length === 0 ? 'None' : options.map(({ name }) => name).join(', ')),
    body: <DriverOptions />,
  },
]

/** What is seldom needed. */
export function MoreSections({ only }: { only?: string }) {
  const { form, sections: opened, openSections } = useFormContext()
  const shown = only === undefined ? sections : sections.filter(({ id }) => id === only)
  return (
    <Accordion
      multiple
      keepMounted={false}
      chevronPosition="left"
      className={classes.accordion}
      classNames={{
        item: classes.item,
        control: classes.control,
        label: classes.controlLabel,
        content: classes.content,
        chevron: classes.chevron,
      }}
      value={[...opened]}
      onChange={openSections}
    >
      {shown.map(({ id, title, summary, body }) => (
        <Accordion.Item key={id} value={id}>
          <Accordion.Control>
            <span className={classes.sectionTitle}>
              {title}
              <span className={classes.summary} data-bad={hasProblem(id, form.problems) || undefined}>
                {hasProblem(id, form.problems) ? 'Something is wrong here' : summary(form.draft)}
              </span>
            </span>
          </Accordion.Control>
          <Accordion.Panel>{body}</Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  )
}

const hasProblem = (section: string, problems: Problems) =>
  Object.keys(problems).some((path) => path.startsWith(`${section}.`))

/** Sections with something set begin open. */
export function openAtFirst({ texts, tunnel, options }: Draft): string[] {
  const mode = texts['tls.mode'] ?? 'prefer'
  return [
    ...(mode === 'verify' || texts['tls.ca'] ? ['tls'] : []),
    ...(tunnel === 'off' ? [] : ['tunnel']),
    ...(options.length === 0 ? [] : ['driver']),
  ]
}

function TlsFields() {
  const { form } = useFormContext()
  const mode = form.draft.texts['tls.mode'] ?? 'prefer'
  return (
    <>
      <div className={classes.fields}>
        <div data-path="tls.mode" className={classes.wide}>
          <Select
            label="Encryption"
            allowDeselect={false}
            data={modes}
            value={mode}
            onChange={(value) => form.set('tls.mode', value ?? 'prefer')}
          />
        </div>
      </div>
      {mode !== 'off' && <FieldList fields={tlsFields} />}
    </>
  )
}
