import { useEffect, useState } from 'react'
import { onDesktop } from '../api/desktop.ts'
import { useLink } from '../stores/link.ts'
import classes from './App.module.css'

/** Milliseconds in which an engine process that died is there again; after that Sluice itself has been closed. */
const patience = 5_000

/** While the engine process is away; whatever was running is marked as crashed once the next one is there. */
export function LostBanner() {
  const lost = useLink(({ connected, times }) => !connected && times > 0)
  return lost ? <Lost /> : null
}

function Lost() {
  const [closed, setClosed] = useState(false)
  useEffect(() => {
    if (onDesktop()) return
    const timer = setTimeout(() => setClosed(true), patience)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" className={classes.lost}>
      {closed
        ? 'Sluice was closed. Start it again and open the address it prints: your tabs and what you did not save come back.'
        : 'The engine stopped unexpectedly and is starting again. Your pipelines are safe.'}
    </div>
  )
}
