import { Anchor } from '@mantine/core'
import { asAppError } from '../api/client.ts'
import { openFile } from '../files/actions.ts'
import { showError } from '../ui/notify.ts'
import { usesText } from './Card.tsx'
import classes from './form.module.css'
import { useUses } from './queries.ts'

/** The pipelines that name a connection; each can be opened. */
export function UsedBy({ name }: { name: string }) {
  const uses = useUses()[name] ?? []
  return (
    <section aria-label="Used by" className={classes.usedSection}>
      <h3>{usesText(uses.length)}</h3>
      <ul className={classes.usedBy}>
        {uses.map(({ pipeline, path, nodes }) => (
          <li key={`${path} ${pipeline}`} title={path}>
            {path === '' ? (
              pipeline
            ) : (
              <Anchor component="button" type="button" onClick={() => void open(path)}>
                {pipeline}
              </Anchor>
            )}{' '}
            <span className={classes.help}>{nodes.join(', ')}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

async function open(path: string): Promise<void> {
  try {
    await openFile(path)
  } catch (thrown) {
    showError(asAppError(thrown), 'The pipeline was not opened')
  }
}
