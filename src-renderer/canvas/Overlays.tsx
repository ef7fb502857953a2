import { IconBoxMargin, IconNote } from '@tabler/icons-react'
import { useCallback } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import type { Wish } from '../../shared/pipeline/edit-edges.ts'
import { nodeOf, type Pipeline } from '../../shared/pipeline/schema.ts'
import { documentOf } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import { addNodeOf, connectNodes } from './actions.ts'
import { ContextMenu } from './ContextMenu.tsx'
import { frameNode, noteNode, selectionFrom } from './flow-nodes.ts'
import { iconOf } from './icons.ts'
import { findKinds, meets, shortHelp } from './kinds.ts'
import { type Choice, KindIcon, Picker } from './Picker.tsx'
import { closeOverlay, type Overlay, useCanvas } from './state.ts'
import { findTargets, rankNode, type Target } from './targets.ts'
import { viewOf } from './views.ts'

/** Whatever lies over the canvas: what can be added, found, connected, done. */
export function Overlays({ document }: { document: string }) {
  const overlay = useCanvas(({ overlay: open }) => (open?.document === document ? open : null))
  const close = useCallback(() => {
    closeOverlay()
    viewOf(document)?.focus()
  }, [document])
  // A command of the menu may have opened something else by the time the menu says that it closes.
  const closeMenu = useCallback(() => {
    if (useCanvas.getState().overlay?.type === 'menu') close()
  }, [close])
  switch (overlay?.type) {
    case 'add':
      return <AddPicker document={document} overlay={overlay} onClose={close} />
    case 'find':
      return <FindPicker document={document} onClose={close} />
    case 'connect':
      return <ConnectPicker document={document} overlay={overlay} onClose={close} />
    case 'menu':
      return <ContextMenu overlay={overlay} onClose={closeMenu} />
    default:
      return null
  }
}

interface OverlayProps<T extends Overlay['type']> {
  document: string
  overlay: Extract<Overlay, { type: T }>
  onClose(): void
}

function AddPicker({ document, overlay: { spot, at, link }, onClose }: OverlayProps<'add'>) {
  return (
    <Picker
      label="Add a node"
      placeholder={link ? 'Add and connect' : 'Add a node'}
      none="No kind of node fits."
      spot={spot}
      find={(typed) =>
        findKinds(typed, link).map((definition) => ({
          id: definition.kind,
          title: definition.title,
          detail: shortHelp(definition),
          icon: <KindIcon icon={iconOf(definition.icon)} category={definition.category} />,
        }))
      }
      onPick={(kind) => {
        onClose()
        addNodeOf(document, kind, at, link)
      }}
      onClose={onClose}
    />
  )
}

function FindPicker({ document, onClose }: { document: string; onClose(): void }) {
  return (
    <Picker
      label="Find a node"
      placeholder="Name, id, kind, setting, note or group"
      none="Nothing on the canvas meets this."
      spot={null}
      find={(typed) => {
        const pipeline = documentOf(document)?.history.present
        return [...findNodes(pipeline, typed), ...findPapers(pipeline, typed)]
      }}
      onPick={(id) => {
        onClose()
        select(document, selectionFrom([id]))
        viewOf(document)?.reveal(id, true)
      }}
      onClose={onClose}
    />
  )
}

const most = 100

function findNodes(pipeline: Pipeline | undefined, typed: string): Choice[] {
  const words = typed.trim().toLowerCase()
  const found = Object.entries(pipeline?.nodes ?? {}).map(([id, node]) => ({
    id,
    node,
    rank: rankNode(id, node, words),
  }))
  return found
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map(({ id, node }) => choiceOf(id, node.title, node.kind))
}

/** Notes by their text and groups by their title, under their ids in the flow. */
function findPapers(pipeline: Pipeline | undefined, typed: string): Choice[] {
  const words = typed.trim().toLowerCase()
  const notes = Object.entries(pipeline?.notes ?? {}).map(([id, { text }]) => ({
    id: noteNode(id),
    title: text.trim() === '' ? 'Empty note' : text.trim().replace(/\s+/g, ' '),
    detail: 'Note',
    icon: <KindIcon icon={IconNote} category="paper" />,
  }))
  const groups = Object.entries(pipeline?.groups ?? {}).map(([id, { title }]) => ({
    id: frameNode(id),
    title: title === '' ? 'Group' : title,
    detail: 'Group',
    icon: <KindIcon icon={IconBoxMargin} category="paper" />,
  }))
  return [...notes, ...groups].filter(({ title, detail }) => meets(title, words) > 0 || meets(detail, words) > 0)
}

function choiceOf(id: string, title: string | undefined, kind: string): Choice {
  const definition = registry.get(kind)
  const detail = title === undefined || title === id ? definition?.title : `${id} · ${definition?.title ?? kind}`
  return {
    id,
    title: title ?? id,
    ...(detail !== undefined && { detail }),
    icon: <KindIcon icon={iconOf(definition?.icon)} category={definition?.category} />,
  }
}

function ConnectPicker({ document, overlay: { node, order }, onClose }: OverlayProps<'connect'>) {
  return (
    <Picker
      label={order ? 'Run after it' : 'Connect to'}
      placeholder={order ? 'What runs afterwards' : 'Where its rows go'}
      none="No node fits."
      spot={null}
      find={(typed) => {
        const pipeline = documentOf(document)?.history.present
        return pipeline ? findTargets(pipeline, node, typed, order).map((target) => targetChoice(pipeline, target)) : []
      }}
      onPick={(target) => {
        onClose()
        connectNodes(document, parseWish(node, target, order))
      }}
      onClose={onClose}
    />
  )
}

/** What cannot be says why, before it is chosen and then. */
function targetChoice(pipeline: Pipeline, { wish, ports, refused }: Target): Choice {
  const node = nodeOf(pipeline, wish.to)
  const choice = choiceOf(wish.to, node?.title, node?.kind ?? '')
  return {
    ...choice,
    id: 'after' in wish ? wish.to : [wish.to, wish.fromPort, wish.toPort].join(separator),
    title: [choice.title, ...ports].join(' · '),
    ...(refused !== undefined && { detail: refused, dim: true }),
  }
}

/** No id or port name holds a line end. */
const separator = '\n'

function parseWish(from: string, choice: string, order: boolean): Wish {
  const [to = '', fromPort = 'out', toPort = 'in'] = choice.split(separator)
  return order ? { from, to, after: true } : { from, to, fromPort, toPort }
}
