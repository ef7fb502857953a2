import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'

const nobody = (what: string) => async () => {
  throw new Error(`Nobody answers the ${what} here; the test must.`)
}

/** Tests put their own functions in these places. */
export const dialog = {
  showOpenDialog: nobody('open dialog'),
  showSaveDialog: nobody('save dialog'),
  showMessageBox: nobody('message box'),
  showMessageBoxSync(): number {
    throw new Error('Nobody answers the message box here; the test must.')
  },
}

export const shell = { openExternal: nobody('browser') }

export const nativeTheme = { shouldUseDarkColors: false }

export const screen = {
  getAllDisplays: () => [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }],
}

/** The last of several counts, as in Chromium. */
const basic = () => process.argv.findLast((one) => one.startsWith('--password-store=')) === '--password-store=basic'
/** The key store of the emulated system. */
const key = hash('sha256', 'the key store of the emulated system', 'buffer')

export const safeStorage = {
  getSelectedStorageBackend: () => (basic() ? 'basic_text' : 'gnome_libsecret'),
  isAsyncEncryptionAvailable: async () => true,
  async encryptStringAsync(text: string): Promise<Buffer> {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  },
  async decryptStringAsync(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(12, 28))
    const result = decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8')
    return { result, shouldReEncrypt: false }
  },
}
