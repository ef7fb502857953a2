import { FocusTrap, Kbd } from '@mantine/core'
import { Fragment } from 'react'
import { type Command, type Section, sections } from '../commands/define.ts'
import { commands } from '../commands/index.ts'
import { shortcutText } from '../commands/keys.ts'
import { closeDialog, useWindow } from '../stores/window.ts'
import { Dialog } from '../ui/Dialog.tsx'
import classes from './help.module.css'

/** All shortcuts, by section. */
export function KeySheet() {
  const opened = useWindow(({ dialog }) => dialog?.kind === 'keys')
  return (
    <Dialog opened={opened} onClose={closeDialog} title="Keyboard shortcuts" size={900}>
      <Keys />
    </Dialog>
  )
}

const withKeys = (section: Section) =>
  commands.filter(({ section: its, keys, sheet }) => its === section && keys !== undefined && sheet !== null)

function Keys() {
  return (
    <div className={classes.keys}>
      <FocusTrap.InitialFocus />
      {sections
        .filter((section) => withKeys(section).length > 0)
        .map((section) => (
          <section key={section} aria-label={section}>
            <h3>{section}</h3>
            <dl>
              {withKeys(section).map((command) => (
                <KeyRow key={command.id} command={command} />
              ))}
            </dl>
          </section>
        ))}
    </div>
  )
}

function KeyRow({ command: { title, keys = [], sheet } }: { command: Command }) {
  return (
    <div className={classes.keyRow}>
      <dt>{sheet?.title ?? title}</dt>
      <dd>
        {(sheet?.keys ?? keys).map((shortcut, index) => (
          <Fragment key={shortcut}>
            {sheet && index > 0 && 'to'}
            <Kbd size="xs">{shortcutText(shortcut)}</Kbd>
          </Fragment>
        ))}
      </dd>
    </div>
  )
}
