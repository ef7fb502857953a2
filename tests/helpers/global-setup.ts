import type { TestProject } from 'vitest/node'
import { provisionPostgres } from './postgres.ts'

/** Starts the Postgres server that the tests share, once per run, and stops it at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await provisionPostgres()
  if ('missing' in server) {
    project.provide('postgres', server)
    return async () => {}
  }
  const { stop, ...provision } = server
  project.provide('postgres', provision)
  return stop
}
