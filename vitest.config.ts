import { defineConfig } from 'vitest/config'

const shared = {
  pool: 'forks',
  maxWorkers: 2,
  testTimeout: 240_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 60_000 } },
} as const

export default defineConfig({
  test: {
    ...shared,
    projects: [
      { test: { ...shared, name: 'unit', include: ['tests/unit/**/*.test.ts', 'tests/golden/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/helpers/global-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['tests/{e2e,electron,package}/**/*.test.ts'],
          globalSetup: ['tests/helpers/browser-setup.ts'],
          setupFiles: ['tests/helpers/show-failure.ts'],
        },
      },
    ],
  },
})
