import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { environmentName, workspaceHome } from '../../../src-main/services/home.ts'

describe('the home of the workspace', () => {
  it('is SLUICE_HOME where that is set, made absolute', () => {
    expect(workspaceHome({ SLUICE_HOME: '/srv/sluice', HOME: '/home/ann' }, 'linux')).toBe('/srv/sluice')
    expect(workspaceHome({ SLUICE_HOME: 'here' }, 'darwin')).toBe(resolve('here'))
  })

  it('is where each system keeps the data of programs', () => {
    expect(workspaceHome({ HOME: '/home/ann' }, 'linux')).toBe('/home/ann/.local/share/sluice')
    expect(workspaceHome({ HOME: '/home/ann', XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/sluice')
    expect(workspaceHome({ HOME: '/Users/ann' }, 'darwin')).toBe('/Users/ann/Library/Application Support/Sluice')
    expect(workspaceHome({ APPDATA: '/c/AppData' }, 'win32')).toBe('/c/AppData/Sluice')
  })
})

it('spells names for the environment', () => {
  expect(environmentName('SLUICE_CONNECTION_', 'my shop-2')).toBe('SLUICE_CONNECTION_MY_SHOP_2')
  expect(environmentName('SLUICE_SECRET_', 'café')).toBe('SLUICE_SECRET_CAF_')
})
