import { Button, Menu, TextInput } from '@mantine/core'
import { IconDatabase, IconDots, IconDownload, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import type { ConnectionInfo, GivenConnection } from '../../shared/contract/connections.ts'
import { asAppError } from '../api/client.ts'
import { Empty } from '../ui/Empty.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { useConnections } from '../workbench/connections.ts'
import { exportConnections, importConnections } from './actions.ts'
import { Cards } from './Cards.tsx'
import classes from './connections.module.css'
import { DeleteDialog } from './DeleteDialog.tsx'
import { FormPane } from './FormPane.tsx'
import formClasses from './form.module.css'
import { GivenCards } from './GivenCards.tsx'
import { targetOf } from './marks.tsx'
import { useGiven, useRefresh, useSaved } from './queries.ts'
import { showNew, useConnectionsState } from './state.ts'
import { VaultStrip } from './VaultStrip.tsx'

/** The databases that pipelines use by name: cards on the left, the form of one on the right. */
export default function ConnectionsScreen() {
  const [search, setSearch] = useState('')
  // Query tabs are told by what their connections are.
  useConnections()
  const shown = useConnectionsState((state) => state.shown)
  const saved = useSaved()
  const given = useGiven()
  const all = saved.data ?? []
  const fitting = all.filter((connection) => fits(search, connection.name, connection.config))
  const fittingGiven = (given.data ?? []).filter(({ name, config }) => fits(search, name, config))
  return (
    <div className={classes.screen} data-form={shown !== null || undefined}>
      <section className={classes.list} aria-label="Connections" data-region>
        <Head search={search} onSearch={setSearch} any={all.length > 0} />
        <div className={classes.scroll}>
          {saved.error && <p className={formClasses.fault}>{asAppError(saved.error).message}</p>}
          {saved.isSuccess && all.length === 0 && search === '' && <NoConnections />}
          {fitting.length > 0 && <Cards connections={fitting} />}
          {fittingGiven.length > 0 && <GivenCards connections={fittingGiven} />}
          {search !== '' && fitting.length + fittingGiven.length === 0 && <NothingFits search={search} />}
        </div>
        <VaultStrip />
      </section>
      {shown && <FormPane key={shown.id} shown={shown} connections={all} />}
      <DeleteDialog />
    </div>
  )
}

function fits(search: string, name: string, config: ConnectionInfo['config'] | GivenConnection['config']): boolean {
  const words = config ? `${targetOf(config)} ${config.environment ?? ''} ${config.dialect}` : ''
  return `${name} ${words}`.toLowerCase().includes(search.trim().toLowerCase())
}

interface HeadProps {
  search: string
  any: boolean
  onSearch(text: string): void
}

function Head({ search, any, onSearch }: HeadProps) {
  const refresh = useRefresh()
  return (
    <div className={classes.head}>
      <h1>Connections</h1>
      <TextInput
        type="search"
        aria-label="Search connections"
        placeholder="Name, host or file"
        leftSection={<IconSearch size={14} />}
        value={search}
        onChange={({ currentTarget }) => onSearch(currentTarget.value)}
        className={classes.search}
      />
      <Button leftSection={<IconPlus size={14} />} onClick={() => void showNew('sqlite')}>
        New connection
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <IconButton label="More" icon={IconDots} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => void importConnections(refresh)}>
            Import…
          </Menu.Item>
          <Menu.Item leftSection={<IconUpload size={14} />} disabled={!any} onClick={() => void exportConnections()}>
            Export without secrets…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

function NoConnections() {
  const refresh = useRefresh()
  return (
    <Empty
      icon={IconDatabase}
      title="No connections yet"
      description="Save how to reach a database once; pipelines then use it by its name, and the password stays out of them."
    >
      <Button onClick={() => void showNew('sqlite')}>New connection</Button>
      <Button variant="default" onClick={() => void importConnections(refresh)}>
        Import…
      </Button>
    </Empty>
  )
}

function NothingFits({ search }: { search: string }) {
  return (
    <Empty icon={IconSearch} title="No connection fits" description={`Nothing is called or lies at “${search}”.`} />
  )
}
