import { NavLink, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { NodeCategory } from '../../shared/nodes/define.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { closeDialog, useWindow } from '../stores/window.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Markdown } from '../ui/Markdown.tsx'
import classes from './help.module.css'

const categories: readonly { category: NodeCategory; title: string }[] = [
  { category: 'source', title: 'Sources' },
  { category: 'transform', title: 'Transforms' },
  { category: 'load', title: 'Loads' },
  { category: 'control', title: 'Control' },
]

const definitions = registry.kinds().flatMap((kind) => registry.get(kind) ?? [])

/** What every node kind does. */
export function HelpDialog() {
  const opened = useWindow(({ dialog }) => dialog?.kind === 'help')
  return (
    <Dialog opened={opened} onClose={closeDialog} title="Help on nodes" size={860}>
      <NodeHelpBrowser />
    </Dialog>
  )
}

function NodeHelpBrowser() {
  const [kind, setKind] = useState(definitions[0]?.kind)
  const [search, setSearch] = useState('')
  const shown = registry.get(kind ?? '')
  const wanted = search.trim().toLowerCase()
  const found = definitions.filter(({ title, help }) => `${title} ${help}`.toLowerCase().includes(wanted))
  return (
    <div className={classes.help}>
      <nav className={classes.kinds} aria-label="Node kinds">
        <TextInput
          aria-label="Search help"
          placeholder="Search"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          data-autofocus
        />
        {categories.map(({ category, title }) => {
          const members = found.filter((definition) => definition.category === category)
          return members.length === 0 ? null : (
            <section key={category}>
              <h3>{title}</h3>
              {members.map((definition) => (
                <NavLink
                  key={definition.kind}
                  component="button"
                  type="button"
                  label={definition.title}
                  active={definition.kind === kind}
                  {...(definition.kind === kind && { 'aria-current': 'true' })}
                  onClick={() => setKind(definition.kind)}
                />
              ))}
            </section>
          )
        })}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long help is scrolled by keys */}
      <article className={classes.article} tabIndex={0} aria-label={shown?.title}>
        {shown && (
          <>
            <h2>{shown.title}</h2>
            <Markdown text={shown.help} top={3} />
            {shown.form.length > 0 && (
              <>
                <h3>Settings</h3>
                <dl>
                  {shown.form.map(({ name, label, help }) => (
                    <div key={name} className={classes.field}>
                      <dt>{label}</dt>
                      <dd>{help === undefined ? null : <Markdown text={help} />}</dd>
                    </div>
                  ))}
                </dl>
              </>
            )}
          </>
        )}
      </article>
    </div>
  )
}
