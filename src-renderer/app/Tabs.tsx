import { newFile } from '../commands/file.ts'
import { closeTab } from '../files/close.ts'
import { baseName } from '../files/paths.ts'
import { activateDocument, isUnsaved, moveTab, useDocuments } from '../stores/documents.ts'
import { Tab, TabRow } from '../ui/TabRow.tsx'
import { TabMenu } from './TabMenu.tsx'

/** One tab for each open pipeline; a dot marks unsaved work. */
export function Tabs() {
  const order = useDocuments((state) => state.order)
  const active = useDocuments((state) => state.active)
  return (
    <TabRow
      label="Open pipelines"
      order={order}
      active={active}
      onActivate={activateDocument}
      onMove={moveTab}
      add={newFile}
    >
      {order.map((id) => (
        <PipelineTab key={id} id={id} active={id === active} />
      ))}
    </TabRow>
  )
}

function PipelineTab({ id, active }: { id: string; active: boolean }) {
  const document = useDocuments(({ documents }) => documents[id])
  const broken = useDocuments((state) => state.broken[id])
  return (
    <Tab
      id={id}
      name={document?.history.present.name ?? baseName(broken?.path ?? '')}
      title={document?.path ?? broken?.path ?? 'Not saved yet'}
      active={active}
      unsaved={document !== undefined && isUnsaved(document)}
      broken={broken !== undefined}
      {...(document?.outside && { note: 'changed on disk' })}
      onActivate={() => activateDocument(id)}
      onClose={() => closeTab(id)}
      menu={<TabMenu id={id} />}
    />
  )
}
