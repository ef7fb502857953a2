// What a preload script finds in its world: `require('electron')`, and a way to the main process.
// `preloadScript` is the script, as bridge.ts puts it before this.
if (window === window.top) {
  const listeners = new Map()
  const ports = new Map()
  const send = (message) => __emulatedSend(JSON.stringify(message))

  const pack = (data) => {
    if (typeof data === 'string') return { text: data }
    const bytes = new Uint8Array(
      data instanceof ArrayBuffer ? data : data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
    )
    let binary = ''
    for (const byte of bytes) binary += String.fromCharCode(byte)
    return { bytes: btoa(binary) }
  }
  const unpack = ({ text, bytes }) =>
    bytes === undefined ? text : Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))

  const openPort = (id) => {
    const { port1, port2 } = new MessageChannel()
    ports.set(id, port2)
    port2.addEventListener('message', (event) => send({ type: 'port', port: id, data: pack(event.data) }))
    port2.start()
    return port1
  }

  globalThis.__emulatedReceive = (message) => {
    if (message.type === 'port') ports.get(message.port)?.postMessage(unpack(message.data))
    else if (message.type === 'port-closed') ports.get(message.port)?.postMessage('emulated:close')
    else if (message.type === 'paths') paths = message.paths
    else {
      const event = { ports: message.ports.map(openPort) }
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args)
    }
  }

  // Chromium tells nobody where a file is; the emulator puts down what it drops.
  let paths = {}

  // Worlds share the document's nodes, not values: a call travels in attributes of an element that both see, and files in its field.
  const exposeInMainWorld = (name, call) => {
    addEventListener(`emulated:${name}`, (event) => {
      event.target.setAttribute('result', JSON.stringify(call(event.target.files[0])))
    })
    send({ type: 'expose', name })
  }

  const electron = {
    ipcRenderer: {
      send: (channel, ...args) => send({ type: 'ipc', channel, args }),
      on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    },
    contextBridge: { exposeInMainWorld },
    webUtils: { getPathForFile: (file) => paths[file.name] ?? '' },
  }
  const module = { exports: {} }
  preloadScript(() => electron, module, module.exports)
}
