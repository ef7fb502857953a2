import type { TablerIcon } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import classes from './Picker.module.css'
import type { Spot } from './state.ts'

export interface Choice {
  id: string
  title: string
  /** In small print behind the title. */
  detail?: string
  /** It can be chosen, but only says why it cannot be. */
  dim?: boolean
  icon: ReactNode
}

interface PickerProps {
  label: string
  placeholder: string
  /** What meets the typed text, the best first. */
  find(typed: string): Choice[]
  /** Said when nothing does. */
  none: string
  spot: Spot | null
  onPick(id: string): void
  onClose(): void
}

/** A list that is searched by typing and chosen from with arrows and Enter, at a spot of the canvas or in its upper middle. */
export function Picker({ label, placeholder, find, none, spot, onPick, onClose }: PickerProps) {
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const list = useId()
  const box = useRef<HTMLDivElement>(null)
  const choices = find(typed)
  const chosen = choices[Math.min(active, choices.length - 1)]
  useOutside(box, onClose)
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined) {
      const wrapped = (active + step + choices.length) % Math.max(1, choices.length)
      setActive(Math.abs(step) === 1 ? wrapped : Math.max(0, Math.min(choices.length - 1, active + step)))
    } else if (event.key === 'Enter') {
      if (chosen) onPick(chosen.id)
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      onClose()
    } else {
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      ref={box}
      className={classes.picker}
      data-centred={spot === null || undefined}
      style={
        spot ? { left: `min(${spot.x}px, 100% - 296px)`, top: `max(8px, min(${spot.y}px, 100% - 348px))` } : undefined
      }
    >
      <input
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={list}
        aria-autocomplete="list"
        {...(chosen && { 'aria-activedescendant': `${list} ${chosen.id}` })}
        className={classes.search}
        placeholder={placeholder}
        value={typed}
        ref={(field) => field?.focus({ preventScroll: true })}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={list} aria-label={label} className={classes.list}>
        {choices.map((choice, index) => (
          // The keys are taken by the field above, which keeps the focus.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={choice.id}
            id={`${list} ${choice.id}`}
            role="option"
            aria-selected={choice === chosen}
            data-dim={choice.dim || undefined}
            className={classes.option}
            onPointerMove={() => setActive(index)}
            onClick={() => onPick(choice.id)}
          >
            {choice.icon}
            <span className={classes.title}>{choice.title}</span>
            {choice.detail && <span className={classes.detail}>{choice.detail}</span>}
          </div>
        ))}
      </div>
      {choices.length === 0 && <div className={classes.none}>{none}</div>}
    </div>
  )
}

/** A small icon in the colour of its category. */
export function KindIcon({ icon: Shape, category }: { icon: TablerIcon; category: string | undefined }) {
  return <Shape className={classes.icon} data-category={category} size={16} stroke={1.6} aria-hidden />
}

function useOutside(box: { current: HTMLElement | null }, onOutside: () => void): void {
  useEffect(() => {
    const onPointerDown = ({ target }: PointerEvent) => {
      if (target instanceof Node && !box.current?.contains(target)) onOutside()
    }
    window.addEventListener('pointerdown', onPointerDown, true)
    return () => window.removeEventListener('pointerdown', onPointerDown, true)
  }, [box, onOutside])
}
