import { IconHelp, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { setTitle } from '../../shared/pipeline/edit-nodes.ts'
import { isTerminal } from '../../shared/run.ts'
import { iconOf } from '../canvas/icons.ts'
import { perform } from '../commands/perform.ts'
import { runTo } from '../commands/run.ts'
import { changeDocument, usePipeline } from '../stores/documents.ts'
import { useShownRun } from '../stores/runs.ts'
import { showPanel } from '../stores/window.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Markdown } from '../ui/Markdown.tsx'
import classes from './inspector.module.css'
import { useDraft } from './useDraft.ts'

/** What the node is, its name, and what can be done with it. */
export function NodeHeader({ document, node }: { document: string; node: string }) {
  const here = usePipeline(document)?.nodes[node]
  const [help, setHelp] = useState(false)
  const run = useShownRun(document)
  const definition = here && registry.get(here.kind)
  const draft = useDraft(here?.title ?? '', (title) =>
    changeDocument(document, (before) => setTitle(before, node, title), `${node} title`),
  )
  if (!here) return null
  const Icon = iconOf(definition?.icon)
  const busy = run !== undefined && !isTerminal(run.state)
  const preview = () => {
    showPanel('rows')
    void perform(runTo)
  }
  return (
    <div className={classes.header}>
      <span className={classes.kindIcon} data-category={definition?.category}>
        <Icon size={18} stroke={1.5} aria-hidden />
      </span>
      <div>
        <input
          className={classes.title}
          aria-label="Title"
          placeholder={node}
          value={draft.text}
          onChange={({ currentTarget }) => draft.setText(currentTarget.value)}
          onBlur={draft.leave}
        />
        <div className={classes.kind}>{definition?.title ?? here.kind}</div>
      </div>
      <div className={classes.buttons}>
        <IconButton
          label="Preview: run to here and show the rows"
          icon={IconPlayerPlay}
          shortcut="shift+Enter"
          disabled={busy || here.disabled === true}
          onClick={preview}
        />
        {definition && (
          <IconButton label={`Help for ${definition.title}`} icon={IconHelp} onClick={() => setHelp(true)} />
        )}
      </div>
      <Dialog opened={help} onClose={() => setHelp(false)} title={definition?.title} size="lg" closeLabel="Close">
        <Markdown text={definition?.help ?? ''} />
      </Dialog>
    </div>
  )
}
