import { useState } from 'react'
import { formatCount } from '../ui/format.ts'
import { ExactNumber, type JsonValue } from './json-text.ts'
import classes from './results.module.css'
import sideClasses from './side.module.css'

/** Entries shown of one object or list at first. */
const page = 100

/** JSON that folds. */
export function JsonTree({ value, name, depth = 0 }: { value: JsonValue; name?: string; depth?: number }) {
  if (value === null || typeof value !== 'object' || value instanceof ExactNumber) {
    return (
      <div className={sideClasses.leaf}>
        {name !== undefined && <span className={sideClasses.jsonName}>{name}: </span>}
        <Scalar value={value} />
      </div>
    )
  }
  return <Branch value={value} depth={depth} {...(name !== undefined && { name })} />
}

function Branch({
  value,
  name,
  depth,
}: {
  value: JsonValue[] | { [name: string]: JsonValue }
  name?: string
  depth: number
}) {
  const [open, setOpen] = useState(depth < 2)
  const [shown, setShown] = useState(page)
  const entries = Object.entries(value)
  const size = formatCount(entries.length)
  return (
    <details className={sideClasses.branch} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {name !== undefined && <span className={sideClasses.jsonName}>{name}: </span>}
        <span className={classes.dim}>{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </summary>
      {open &&
        entries.slice(0, shown).map(([key, item]) => <JsonTree key={key} name={key} value={item} depth={depth + 1} />)}
      {open && entries.length > shown && (
        <button type="button" className={sideClasses.more} onClick={() => setShown(shown + 10 * page)}>
          Show more
        </button>
      )}
    </details>
  )
}

function Scalar({ value }: { value: null | boolean | string | ExactNumber }) {
  if (value === null) return <span className={classes.null}>null</span>
  if (value instanceof ExactNumber) return <span className={sideClasses.jsonNumber}>{value.source}</span>
  if (typeof value === 'string') return <span className={sideClasses.jsonText}>{JSON.stringify(value)}</span>
  return <span className={sideClasses.jsonNumber}>{String(value)}</span>
}
