import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import type { FolderEntry } from '../../shared/contract/files.ts'
import { api } from '../api/client.ts'
import { recall, remember } from '../stores/settings.ts'
import type { PickRequest } from './pick.ts'

const names = z.array(z.string()).catch([])
const maxRecent = 6

/** Folders that files were picked in, the latest first. */
export const recentFolders = (): string[] => names.parse(recall('files.folders'))

export function rememberFolder(folder: string): void {
  remember('files.folders', [folder, ...recentFolders().filter((other) => other !== folder)].slice(0, maxRecent))
}

/** The folder that a file dialog shows, and the entry that is marked in it. */
export function useFolder({ purpose, extensions, start }: PickRequest) {
  const [folder, setFolder] = useState(start ?? recentFolders()[0])
  const [filter, setFilter] = useState('')
  const [marked, setMarked] = useState(0)
  const listing = useQuery({
    queryKey: ['folder', folder, extensions],
    queryFn: () =>
      api.files.list({
        ...(folder !== undefined && { folder }),
        ...(extensions && { extensions: [...extensions] }),
      }),
    gcTime: 0,
  })
  const shown = (listing.data?.entries ?? []).filter(
    ({ name, kind }) =>
      name.toLowerCase().includes(filter.trim().toLowerCase()) && (purpose !== 'folder' || kind === 'folder'),
  )
  const goTo = (path: string) => {
    setFolder(path)
    setFilter('')
    setMarked(0)
  }
  return {
    folder: listing.data?.folder ?? folder ?? '',
    parent: listing.data?.parent ?? null,
    loading: listing.isPending,
    failure: listing.error,
    entries: shown,
    marked: shown[Math.min(marked, shown.length - 1)],
    mark: (entry: FolderEntry) => setMarked(shown.indexOf(entry)),
    filter,
    setFilter: (text: string) => {
      setFilter(text)
      setMarked(0)
    },
    goTo,
  }
}

export type FolderView = ReturnType<typeof useFolder>
