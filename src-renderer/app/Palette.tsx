import { Kbd } from '@mantine/core'
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData, useSpotlight } from '@mantine/spotlight'
import { IconClock, IconFile, IconFocus2, IconSearch } from '@tabler/icons-react'
import { useRef } from 'react'
import { flushSync } from 'react-dom'
import type { RecentFile } from '../../shared/contract/files.ts'
import { asAppError } from '../api/client.ts'
import { focusCanvas } from '../canvas/views.ts'
import { type Command, sections } from '../commands/define.ts'
import { isEnabled } from '../commands/enabled.ts'
import { commands } from '../commands/index.ts'
import { shortcutText } from '../commands/keys.ts'
import { perform } from '../commands/perform.ts'
import { openFile } from '../files/actions.ts'
import { useRecent } from '../files/useSamples.ts'
import { activateDocument, activeDocument, documentOf, useDocuments } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import { goTo } from '../stores/window.ts'
import { useFocusBack, useFocusInside } from '../ui/focus.ts'
import { showError } from '../ui/notify.ts'
import classes from './Palette.module.css'
import { closePalette, paletteStore } from './palette-store.ts'

/** Everything that can be done or gone to, found by typing. */
export function Palette() {
  const { opened } = useSpotlight(paletteStore)
  const { data: recent = [] } = useRecent(opened)
  const opener = useFocusBack(opened)
  const search = useRef<HTMLInputElement>(null)
  useFocusInside(search, opened, opener)
  return (
    <Spotlight
      store={paletteStore}
      shortcut={null}
      returnFocus={false}
      trapFocus={false}
      actions={opened ? [...commandGroups(), ...places(), ...recentFiles(recent)] : []}
      nothingFound="Nothing found"
      highlightQuery
      scrollable
      maxHeight={420}
      limit={60}
      size={560}
      yOffset="12vh"
      attributes={{ content: { 'aria-label': 'Commands' } }}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      classNames={{ action: classes.action, actionsGroup: classes.group, search: classes.search }}
      searchProps={{
        ref: search,
        placeholder: 'Search commands, pipelines and nodes',
        'aria-label': 'Search commands, pipelines and nodes',
        leftSection: <IconSearch size={16} stroke={1.5} aria-hidden />,
      }}
    />
  )
}

/** The palette is gone, and the focus where it was, before what was chosen begins: it may open a dialog, which gives the focus back later. */
function choose(begin: () => void): void {
  flushSync(closePalette)
  begin()
}

const commandGroups = (): SpotlightActionGroupData[] =>
  sections.map((section) => ({
    group: section,
    actions: commands
      .filter((command) => command.section === section && !command.hidden && isEnabled(command))
      .map(actionOf),
  }))

function actionOf(command: Command): SpotlightActionData {
  const { id, title, icon: Shape, keys, section } = command
  return {
    id,
    label: title,
    keywords: section,
    leftSection: Shape ? <Shape size={16} stroke={1.5} aria-hidden /> : <span className={classes.noIcon} />,
    ...(keys?.[0] !== undefined && { rightSection: <Kbd size="xs">{shortcutText(keys[0])}</Kbd> }),
    onClick: () => choose(() => void perform(command)),
  }
}

/** Open tabs, and the nodes of the pipeline in front. */
function places(): SpotlightActionGroupData[] {
  const { order } = useDocuments.getState()
  const front = activeDocument()
  const tabs = order.flatMap((id): SpotlightActionData[] => {
    const name = documentOf(id)?.history.present.name
    if (name === undefined) return []
    const go = () => {
      activateDocument(id)
      goTo('pipelines')
    }
    return [
      {
        id: `tab ${id}`,
        label: name,
        leftSection: <IconFile size={16} stroke={1.5} aria-hidden />,
        onClick: () => choose(go),
      },
    ]
  })
  const nodes = Object.entries(front?.history.present.nodes ?? {}).map(
    ([id, node]): SpotlightActionData => ({
      id: `node ${id}`,
      label: `Go to node ${node.title ?? id}`,
      description: node.title === undefined ? node.kind : `${id} (${node.kind})`,
      leftSection: <IconFocus2 size={16} stroke={1.5} aria-hidden />,
      onClick: () => choose(() => front && goToNode(front.id, id)),
    }),
  )
  return [
    { group: 'Open pipelines', actions: tabs },
    { group: 'Nodes', actions: nodes },
  ]
}

function goToNode(document: string, node: string): void {
  goTo('pipelines')
  select(document, { nodes: [node] })
  focusCanvas(document, node, true)
}

const recentFiles = (recent: readonly RecentFile[]): SpotlightActionGroupData[] => [
  {
    group: 'Recent files',
    actions: recent
      .filter(({ exists }) => exists)
      .map(({ path, name }) => ({
        id: `recent ${path}`,
        label: name,
        description: path,
        leftSection: <IconClock size={16} stroke={1.5} aria-hidden />,
        onClick: () => choose(() => void openFile(path).catch((thrown) => showError(asAppError(thrown), 'Not opened'))),
      })),
  },
]
