import { Menu } from '@mantine/core'
import { asAppError } from '../api/client.ts'
import { closeTabs } from '../files/close.ts'
import { saveDocument, saveDocumentAs } from '../files/save.ts'
import { useDocuments } from '../stores/documents.ts'
import { showError, showNotice } from '../ui/notify.ts'
import { CloseItems } from '../ui/TabRow.tsx'

/** What can be done with a tab, wherever it stands. */
export function TabMenu({ id }: { id: string }) {
  const order = useDocuments((state) => state.order)
  const path = useDocuments(({ documents, broken }) => (documents[id] ?? broken[id])?.path ?? null)
  const editable = useDocuments(({ documents }) => documents[id] !== undefined)
  const doing = (work: Promise<unknown>) => void work.catch((thrown) => showError(asAppError(thrown), 'Not saved'))
  const copyPath = async () => {
    await navigator.clipboard.writeText(path ?? '')
    showNotice('The path is on the clipboard.')
  }
  return (
    <>
      <CloseItems id={id} order={order} onClose={(ids) => void closeTabs(ids)} />
      <Menu.Divider />
      <Menu.Item disabled={!editable} onClick={() => doing(saveDocument(id))}>
        Save
      </Menu.Item>
      <Menu.Item disabled={!editable} onClick={() => doing(saveDocumentAs(id))}>
        Save as…
      </Menu.Item>
      <Menu.Item disabled={path === null} onClick={() => void copyPath()}>
        Copy path
      </Menu.Item>
    </>
  )
}
