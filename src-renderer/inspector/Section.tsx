import { IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { recall, remember } from '../stores/settings.ts'
import classes from './inspector.module.css'

interface SectionProps {
  title: string
  /** What is in it, in a word, at its right. */
  note?: string
  opened?: boolean
  children: ReactNode
}

/** A part of the inspector that folds; whether it does is remembered. */
export function Section({ title, note, opened = false, children }: SectionProps) {
  const key = `inspector.${title.toLowerCase()}`
  const [open, setOpen] = useState(() => {
    const kept = recall(key)
    return typeof kept === 'boolean' ? kept : opened
  })
  const toggle = () => {
    remember(key, !open)
    setOpen(!open)
  }
  return (
    <section className={classes.section} aria-label={title}>
      <button type="button" className={classes.sectionHead} aria-expanded={open} onClick={toggle}>
        <IconChevronRight size={14} className={classes.chevron} aria-hidden />
        {title}
        {note !== undefined && <span className={classes.count}>{note}</span>}
      </button>
      {open && children}
    </section>
  )
}
