import { useEffect, useState } from 'react'
import { dropFiles } from '../files/drop.ts'
import classes from './App.module.css'

/** Takes files dropped anywhere in the window, and says so while they hover. */
export function DropZone() {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const ends = new AbortController()
    const { signal } = ends
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onDragOver = (event: DragEvent) => {
      if (!carriesFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      setOver(false)
      if (!carriesFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      void dropFiles([...event.dataTransfer.files], { x: event.clientX, y: event.clientY })
    }
    window.addEventListener('dragover', onDragOver, { signal })
    window.addEventListener('dragleave', onDragLeave, { signal })
    window.addEventListener('drop', onDrop, { signal })
    return () => ends.abort()
  }, [])
  return over ? (
    <div className={classes.drop} aria-hidden>
      Drop a pipeline to open it, or a file with rows to read it
    </div>
  ) : null
}
