/** The only code beside the page: hands it the port to the engine, and tells paths of dropped files. Bundled as CommonJS, as sandboxed preloads must be. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'

contextBridge.exposeInMainWorld('sluicePathOf', (file: File) => webUtils.getPathForFile(file))

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'sluice:ready') ipcRenderer.send('sluice:ready')
})
ipcRenderer.on('sluice:port', (event) => window.postMessage('sluice:port', '/', event.ports))
