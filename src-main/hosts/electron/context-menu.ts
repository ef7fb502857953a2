import { Menu, type MenuItemConstructorOptions, type WebContents } from 'electron'

/** Right click on text that can be copied or edited; elsewhere the page shows its own menus. */
export function offerTextMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, { isEditable, editFlags, selectionText }) => {
    const copy: MenuItemConstructorOptions = { role: 'copy', enabled: editFlags.canCopy }
    if (isEditable) {
      Menu.buildFromTemplate([
        { role: 'cut', enabled: editFlags.canCut },
        copy,
        { role: 'paste', enabled: editFlags.canPaste },
        { type: 'separator' },
        { role: 'selectAll', enabled: editFlags.canSelectAll },
      ]).popup()
    } else if (selectionText.trim() !== '') Menu.buildFromTemplate([copy]).popup()
  })
}
