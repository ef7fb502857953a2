import { notifications } from '@mantine/notifications'
import { api } from '../api/client.ts'
import { pathOfFile } from '../api/desktop.ts'

/** Bytes sent at once. */
const pieceSize = 2 ** 20

/**
 * The path of a file that was dropped into the window: its own where it is told, else that of a copy in the workspace.
 * @throws AppError FILE_WRITE
 */
export async function placeOf(file: File): Promise<string> {
  return pathOfFile(file) ?? upload(file)
}

async function upload(file: File): Promise<string> {
  const id = crypto.randomUUID()
  const small = file.size <= 4 * pieceSize
  const tell = (sent: number) => ({
    id,
    title: `Copying ${file.name} into the workspace`,
    message: `${Math.floor((sent / Math.max(1, file.size)) * 100)} %`,
    loading: true,
    autoClose: false as const,
    withCloseButton: false,
  })
  if (!small) notifications.show(tell(0))
  try {
    for (let offset = 0; ; offset += pieceSize) {
      const piece = file.slice(offset, offset + pieceSize)
      const last = offset + pieceSize >= file.size
      const base64 = await base64Of(piece)
      const { path } = await api.files.receive({ name: file.name, upload: id, offset, base64, last })
      if (last) return path
      if (!small) notifications.update(tell(offset + piece.size))
    }
  } finally {
    notifications.hide(id)
  }
}

function base64Of(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(piece)
  })
}
