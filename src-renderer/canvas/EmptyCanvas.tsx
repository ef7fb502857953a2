import { Button } from '@mantine/core'
import { IconPlus, IconTopologyStar3 } from '@tabler/icons-react'
import { add } from '../commands/add.ts'
import { perform } from '../commands/perform.ts'
import { useDocuments } from '../stores/documents.ts'
import { Empty } from '../ui/Empty.tsx'
import classes from './Canvas.module.css'

/** What to do first, while there is nothing on the canvas. */
export function EmptyCanvas({ document }: { document: string }) {
  const empty = useDocuments(({ documents }) => {
    const pipeline = documents[document]?.history.present
    return pipeline !== undefined && Object.keys(pipeline.nodes).length + Object.keys(pipeline.notes).length === 0
  })
  if (!empty) return null
  return (
    <div className={classes.empty}>
      <Empty
        icon={IconTopologyStar3}
        title="Nothing here yet"
        description="Drag a source from the left, double-click the canvas, or paste SQL or a table from a spreadsheet."
      >
        <Button leftSection={<IconPlus size={14} />} onClick={() => void perform(add)}>
          Add a node
        </Button>
      </Empty>
    </div>
  )
}
