import { CopyButton, Table } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useProgram } from '../stores/program.ts'
import { IconButton } from '../ui/IconButton.tsx'
import classes from './settings.module.css'

/** What the product is mainly made of, and under which licences. */
const parts = [
  ['DuckDB', 'MIT', 'the embedded engine'],
  ['SQLite', 'public domain', 'databases and the workspace'],
  ['Sequelize', 'MIT', 'connections and statements'],
  ['node-postgres', 'MIT', 'Postgres'],
  ['MySQL2', 'MIT', 'MySQL and MariaDB'],
  ['React', 'MIT', 'the screen'],
  ['React Flow', 'MIT', 'the canvas'],
  ['Mantine', 'MIT', 'controls'],
  ['AG Grid Community', 'MIT', 'the grid'],
  ['CodeMirror', 'MIT', 'the SQL editor'],
  ['Tabler Icons', 'MIT', 'icons'],
  ['oRPC, zod', 'MIT', 'what the screen and the engine say to each other'],
  ['QuickJS', 'MIT', 'code nodes'],
  ['Electron', 'MIT', 'the desktop window'],
] as const

/** Versions, places and licences. */
export function About() {
  const info = useProgram((state) => state.info)
  if (!info) return null
  const host = info.host === 'desktop' ? 'Desktop window' : 'Browser on this machine'
  return (
    <section aria-labelledby="about" className={classes.group}>
      <h2 id="about">About</h2>
      <dl className={classes.facts}>
        <dt>Version</dt>
        <dd>Sluice {info.version}</dd>
        <dt>Shown in</dt>
        <dd>{host}</dd>
        <dt>Workspace folder</dt>
        <dd className={classes.folder}>
          <code>{info.home}</code>
          <CopyButton value={info.home}>
            {({ copied, copy }) => (
              <IconButton
                label={copied ? 'Copied' : 'Copy the path'}
                icon={copied ? IconCheck : IconCopy}
                onClick={copy}
              />
            )}
          </CopyButton>
        </dd>
        <dt>Engine process</dt>
        <dd>{info.enginePid}</dd>
      </dl>
      <h3>Made with</h3>
      <Table className={classes.parts} verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Part</Table.Th>
            <Table.Th>For</Table.Th>
            <Table.Th>Licence</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {parts.map(([name, licence, use]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>{use}</Table.Td>
              <Table.Td>{licence}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
