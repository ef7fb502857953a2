import { Menu } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import { copyFormats, type ResultSource } from '../../shared/contract/results.ts'
import { shortcutText } from '../commands/keys.ts'
import type { GridStore } from '../grid/store.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { type CopyScope, copyPicked, type InsertTarget } from './copying.ts'

const scopes: readonly { scope: CopyScope; title: string }[] = [
  { scope: 'cells', title: 'Picked cells' },
  { scope: 'rows', title: 'Rows of picked cells' },
  { scope: 'columns', title: 'Columns of picked cells' },
  { scope: 'all', title: 'All rows' },
]

const formatTitles: Readonly<Record<(typeof copyFormats)[number], string>> = {
  tsv: 'Text with tabs (TSV)',
  csv: 'CSV',
  json: 'JSON',
  markdown: 'Markdown',
  insert: 'INSERT statements',
}

interface CopyMenuProps {
  store: GridStore
  source: ResultSource
  viewKey: string
  name: string
  insert: InsertTarget | undefined
}

/** Copies cells, rows, columns or everything, in any of the formats. */
export function CopyMenu({ store, source, viewKey: key, name, insert }: CopyMenuProps) {
  const grid = { store, source, key, name }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <IconButton label="Copy" icon={IconCopy} size="sm" />
      </Menu.Target>
      <Menu.Dropdown>
        {scopes.map(({ scope, title }) => (
          <Menu.Sub key={scope} position="left-start">
            <Menu.Sub.Target>
              <Menu.Sub.Item>{title}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              {copyFormats.map((format) => (
                <Menu.Item
                  key={format}
                  rightSection={scope === 'cells' && format === 'tsv' ? shortcutText('mod+C') : undefined}
                  onClick={() => void copyPicked(grid, { format, header: scope !== 'cells', scope, insert })}
                >
                  {formatTitles[format]}
                </Menu.Item>
              ))}
              {scope === 'cells' && (
                <Menu.Item
                  rightSection={shortcutText('mod+shift+C')}
                  onClick={() => void copyPicked(grid, { format: 'tsv', header: true, scope })}
                >
                  TSV with names
                </Menu.Item>
              )}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
