import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import type { NodeDefinition } from '../../shared/nodes/define.ts'
import { hint } from '../ui/hint.ts'
import { addNodeOf } from './actions.ts'
import { iconOf } from './icons.ts'
import { categories, findKinds, shortHelp } from './kinds.ts'
import { cardHeight, cardWidth } from './metrics.ts'
import classes from './Palette.module.css'
import { KindIcon } from './Picker.tsx'
import { startKindDrag } from './useDropping.ts'
import { viewOf } from './views.ts'

/** The node kinds that can be added, by category. */
export function Palette({ document }: { document: string }) {
  const [typed, setTyped] = useState('')
  const found = findKinds(typed)
  const add = (kind: string) => {
    const [x, y] = viewOf(document)?.pointer() ?? [0, 0]
    addNodeOf(document, kind, [x - cardWidth / 2, y - cardHeight / 2])
  }
  return (
    <div className={classes.palette}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label="Search nodes"
        placeholder="Search nodes"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = found
          if (event.key === 'Enter' && first) add(first.kind)
          if (event.key === 'Escape') setTyped('')
          if (event.key === 'ArrowDown') moveFocus(event, 1)
        }}
      />
      <div className={classes.list}>
        {categories.map(({ id, title }) => {
          const kinds = found.filter(({ category }) => category === id)
          return kinds.length === 0 ? null : (
            <section key={id} aria-label={title}>
              <h3 className={classes.category}>{title}</h3>
              {kinds.map((definition) => (
                <Item key={definition.kind} definition={definition} onAdd={add} />
              ))}
            </section>
          )
        })}
        {found.length === 0 && <p className={classes.none}>No kind of node is called so.</p>}
      </div>
      <p className={classes.hint}>Drag onto the canvas, or double-click.</p>
    </div>
  )
}

/** By mouse one click only picks it up; by keyboard, where nothing can be picked up, it adds. */
function Item({ definition, onAdd }: { definition: NodeDefinition; onAdd(kind: string): void }) {
  const { kind, title, icon, category } = definition
  return (
    <button
      type="button"
      {...hint(shortHelp(definition), { place: 'right' })}
      className={classes.item}
      draggable
      data-kind={kind}
      onDragStart={(event) => startKindDrag(event, kind)}
      onDoubleClick={() => onAdd(kind)}
      onClick={({ detail }) => {
        if (detail === 0) onAdd(kind)
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown') moveFocus(event, 1)
        if (event.key === 'ArrowUp') moveFocus(event, -1)
      }}
    >
      <KindIcon icon={iconOf(icon)} category={category} />
      {title}
    </button>
  )
}

/** To the next or the last item, wherever categories end. */
function moveFocus(event: KeyboardEvent<HTMLElement>, step: 1 | -1): void {
  const palette = event.currentTarget.closest(`.${classes.palette}`)
  const stops = [...(palette?.querySelectorAll<HTMLElement>('input, button[data-kind]') ?? [])]
  const at = stops.indexOf(event.currentTarget)
  event.preventDefault()
  stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus()
}
