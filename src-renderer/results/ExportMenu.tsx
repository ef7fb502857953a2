import { Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { exportFormats, type ResultSource } from '../../shared/contract/results.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { exportRows } from './exports.ts'

const titles: Readonly<Record<(typeof exportFormats)[number], string>> = {
  csv: 'CSV',
  json: 'JSON',
  ndjson: 'NDJSON, a row a line',
  parquet: 'Parquet',
}

/** Writes all rows of the view to a file. */
export function ExportMenu({ source, viewKey: key, name }: { source: ResultSource; viewKey: string; name: string }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton label="Export" icon={IconDownload} size="sm" />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All rows to a file</Menu.Label>
        {exportFormats.map((format) => (
          <Menu.Item key={format} onClick={() => void exportRows({ source, key, name }, format)}>
            {titles[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
