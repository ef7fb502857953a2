import type { TestProject } from 'vitest/node'
import { provisionMariaDb } from './mariadb.ts'
import { provisionPostgres } from './postgres.ts'

/** Starts the servers that the tests share, once per run, and stops them at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, mariadb] = await Promise.all([provisionPostgres(), provisionMariaDb()])
  const stops: (() => Promise<void>)[] = []
  if ('missing' in postgres) project.provide('postgres', postgres)
  else {
    const { stop, ...provision } = postgres
    project.provide('postgres', provision)
    stops.push(stop)
  }
  if ('missing' in mariadb) project.provide('mariadb', mariadb)
  else {
    const { stop, ...provision } = mariadb
    project.provide('mariadb', provision)
    stops.push(stop)
  }
  return async () => {
    await Promise.all(stops.map((stop) => stop()))
  }
}
