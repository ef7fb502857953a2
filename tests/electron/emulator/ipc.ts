import { EventEmitter } from 'node:events'

/** What pages send with `ipcRenderer.send`. */
export const ipcMain = new EventEmitter()
