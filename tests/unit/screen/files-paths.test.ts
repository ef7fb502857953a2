import { describe, expect, it } from 'vitest'
import {
  baseName,
  folderName,
  foldersTo,
  isAbsolute,
  joinPath,
  relativeTo,
  shortPath,
  withExtension,
  withExtensionOnce,
} from '../../../src-renderer/files/paths.ts'

describe('paths', () => {
  it('are taken apart and put together as the system writes them', () => {
    expect([baseName('/a/b.csv'), folderName('/a/b.csv'), folderName('/b'), joinPath('/', 'a')]).toEqual([
      'b.csv',
      '/a',
      '/',
      '/a',
    ])
    expect([baseName('C:\\a\\b.csv'), folderName('C:\\a\\b.csv'), folderName('C:\\b')]).toEqual([
      'b.csv',
      'C:\\a',
      'C:\\',
    ])
    expect(joinPath('C:\\', 'a')).toBe('C:\\a')
    expect(joinPath('C:\\x', 'a')).toBe('C:\\x\\a')
    expect(baseName('/odd\\name')).toBe('odd\\name')
  })

  it('are short in the folder of the user', () => {
    expect(shortPath('/home/ana/data/x.db', '/home/ana')).toBe('~/data/x.db')
    expect(shortPath('/home/ana', '/home/ana')).toBe('~')
    expect(shortPath('/home/anabel/x.db', '/home/ana')).toBe('/home/anabel/x.db')
    expect(shortPath('/srv/x.db', '/')).toBe('/srv/x.db')
    expect(shortPath('/srv/x.db', undefined)).toBe('/srv/x.db')
    expect(shortPath('C:\\Users\\ana\\x.db', 'C:\\Users\\ana')).toBe('C:\\Users\\ana\\x.db')
  })

  it('show each folder above', () => {
    expect(foldersTo('/a/b').map(({ path }) => path)).toEqual(['/', '/a', '/a/b'])
    expect(foldersTo('C:\\a\\b').map(({ path }) => path)).toEqual(['C:\\', 'C:\\a', 'C:\\a\\b'])
    expect(foldersTo('/')).toHaveLength(1)
  })

  it('are relative only inside the folder', () => {
    expect(relativeTo('/a', '/a/b/c.csv')).toBe('b/c.csv')
    expect(relativeTo('/a', '/ab/c.csv')).toBe('/ab/c.csv')
    expect(relativeTo('C:\\a', 'C:\\a\\b\\c.csv')).toBe('b/c.csv')
    expect([isAbsolute('/a'), isAbsolute('C:/a'), isAbsolute('a/b')]).toEqual([true, true, false])
  })

  it('get an ending once', () => {
    expect(withExtension('x', ['pipeline.json'])).toBe('x.pipeline.json')
    expect(withExtension('x.Pipeline.JSON', ['pipeline.json'])).toBe('x.Pipeline.JSON')
    expect(withExtension('x.tsv', ['csv', 'tsv'])).toBe('x.tsv')
    expect(withExtension('x', [])).toBe('x')
    expect(withExtensionOnce('x.tsv.csv', ['csv', 'tsv'])).toBe('x.tsv')
    expect(withExtensionOnce('x.csv', ['csv', 'tsv'])).toBe('x.csv')
  })
})
