import { Menu } from '@mantine/core'
import { asAppError } from '../api/client.ts'
import { newQuery } from '../commands/query.ts'
import { showError } from '../ui/notify.ts'
import { CloseItems, Tab, TabRow } from '../ui/TabRow.tsx'
import { closeTab, closeTabs } from './closing.ts'
import { saveTab } from './open.ts'
import { activateTab, isUnsaved, moveTab, type QueryTab, titleOf, useTabs } from './tabs.ts'

/** One tab for each open query; a dot marks what is not saved. */
export function QueryTabs() {
  const { tabs, active } = useTabs()
  return (
    <TabRow
      label="Open queries"
      order={tabs.map(({ id }) => id)}
      active={active}
      onActivate={activateTab}
      onMove={moveTab}
      add={newQuery}
    >
      {tabs.map((tab) => (
        <Tab
          key={tab.id}
          id={tab.id}
          name={titleOf(tab)}
          title={tab.saved?.path ?? 'Not saved yet'}
          active={tab.id === active}
          unsaved={isUnsaved(tab)}
          onActivate={() => activateTab(tab.id)}
          onClose={() => closeTab(tab.id)}
          menu={<QueryTabMenu tab={tab} />}
        />
      ))}
    </TabRow>
  )
}

function QueryTabMenu({ tab: { id, diagram } }: { tab: QueryTab }) {
  const { tabs } = useTabs()
  const save = () => void saveTab(id).catch((thrown) => showError(asAppError(thrown), 'Not saved'))
  return (
    <>
      <CloseItems id={id} order={tabs.map((tab) => tab.id)} onClose={(ids) => void closeTabs(ids)} />
      <Menu.Divider />
      <Menu.Item disabled={diagram !== null} onClick={save}>
        Save
      </Menu.Item>
    </>
  )
}
