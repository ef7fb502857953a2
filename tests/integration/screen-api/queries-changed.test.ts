import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { queriesApi } from '../../helpers/queries-api.ts'

test('a connection that is changed counts for the next statement of a tab that is on it', async () => {
  await using api = await queriesApi({ db: 'sqlite:a.db' })
  const change = (config: Record<string, unknown> | undefined) =>
    writeFile(join(api.home, 'connections.json'), JSON.stringify(config === undefined ? {} : { db: config }))
  const file = { dialect: 'sqlite', file: 'a.db' }
  for (const name of ['a.db', 'b.db']) await writeFile(join(api.home, name), '')
  const insert = async () => (await api.run('insert into t values (1)')).map(({ type }) => type)
  const failure = async (sql: string) => (await api.run(sql)).find((event) => event.type === 'failed')?.error
  await api.run('create table t (a int)')
  expect(await insert()).toContain('done')

  await change({ ...file, environment: 'production' })
  expect(await insert()).toEqual(['cautions'])
  await change({ ...file, readOnly: true })
  expect((await failure('insert into t values (2)'))?.code).toBe('QUERY_READ_ONLY')
  await change({ ...file, file: 'b.db' })
  expect((await failure('select * from t'))?.code).toBe('QUERY_MISSING')

  await change(file)
  await api.run('insert into t values (3)', { manual: true })
  await change({ ...file, readOnly: true })
  await expect(api.run('insert into t values (4)', { manual: true })).rejects.toMatchObject({
    data: { code: 'RUN_STATE', message: expect.stringContaining('before it was changed') },
  })
  await api.client.queries.commit({ session: 'tab' })
  expect(await api.rows('select a from t order by a')).toEqual([['1'], ['3']])
  expect((await failure('insert into t values (4)'))?.code).toBe('QUERY_READ_ONLY')

  await change(undefined)
  await expect(api.run('select 1')).rejects.toMatchObject({ data: { code: 'CONNECTION_UNKNOWN' } })
})
