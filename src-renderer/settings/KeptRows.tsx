import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, asAppError } from '../api/client.ts'
import { confirm } from '../ui/dialogs.ts'
import { formatBytes, formatCount } from '../ui/format.ts'
import { showError, showNotice } from '../ui/notify.ts'
import classes from './settings.module.css'

const key = ['kept-rows']

/** What kept rows take now, and a way to be rid of them. */
export function KeptRows() {
  const queries = useQueryClient()
  const { data } = useQuery({ queryKey: key, queryFn: () => api.settings.usage() })
  const empty = data?.bytes === 0
  const clear = async () => {
    if (empty) return
    const sure = await confirm({
      title: 'Clear kept rows?',
      message: 'The rows of every run go from the disk. The history of runs stays, and running again brings rows back.',
      action: 'Clear',
      danger: true,
    })
    if (!sure) return
    try {
      const { bytes } = await api.settings.clearKept()
      showNotice(`${formatBytes(bytes)} were freed.`)
    } catch (thrown) {
      showError(asAppError(thrown), 'Kept rows were not cleared')
    }
    await queries.invalidateQueries({ queryKey: key })
  }
  return (
    <div className={classes.row}>
      <div>
        <div className={classes.label}>In use</div>
        <div className={classes.help} role="status">
          {data
            ? `${formatBytes(data.bytes)} in ${formatCount(data.runs)} ${data.runs === 1 ? 'run' : 'runs'}`
            : 'Counting…'}
        </div>
      </div>
      {/* It keeps the focus, also once there is nothing left to clear. */}
      <Button variant="default" aria-disabled={empty} data-disabled={empty || undefined} onClick={() => void clear()}>
        Clear kept rows
      </Button>
    </div>
  )
}
