import { Button, Progress } from '@mantine/core'
import { baseName } from '../files/paths.ts'
import { formatBytes, formatCount } from '../ui/format.ts'
import { useExports } from './exports.ts'
import classes from './rows.module.css'

/** Exports that go on, how far they are, and a way to stop each. */
export function Exports() {
  const { running } = useExports()
  if (running.length === 0) return null
  return (
    <ul className={classes.exports} aria-label="Exports">
      {running.map(({ id, path, rows, total, bytes, stop }) => {
        const name = baseName(path)
        const share = total === 0 ? 0 : (rows / total) * 100
        return (
          <li key={id}>
            <span className={classes.exportName}>{name}</span>
            <Progress className={classes.exportBar} size="sm" value={share} aria-label={`Export of ${name}`} />
            <span>
              {formatCount(rows)} of {formatCount(total)} rows · {formatBytes(bytes)}
            </span>
            <Button size="compact-xs" variant="default" onClick={stop}>
              Stop the export
            </Button>
          </li>
        )
      })}
    </ul>
  )
}
