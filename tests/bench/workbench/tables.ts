import { mariadbQuery } from '../../helpers/mariadb.ts'
import { adminQuery } from '../../helpers/postgres.ts'
import { tableColumns } from '../data.ts'

/** The rows of `makeSource` in a table `t`, made by the server itself. */
export async function fillPostgres(url: string, rows: number): Promise<void> {
  await adminQuery(url, 'drop table if exists t')
  await adminQuery(url, `create unlogged table t (${tableColumns})`)
  await adminQuery(
    url,
    `insert into t select i, i * 7919 % 1000, 'customer ' || i % 50000, (i * 37 % 100000) / 100.0,
       timestamp '2020-09-13 12:26:40' + i * interval '1 second',
       case when i % 5 <> 0 then 'note ' || i || case when i % 50 = 0 then ', "quoted"' else '' end end, i % 97,
       (array['Zürich', 'São Paulo', 'New York', '東京', 'Berlin', 'Cairo'])[1 + i % 6]
     from generate_series(0, ${rows - 1}::bigint) i`,
  )
  await adminQuery(url, 'vacuum analyze t')
}

export async function fillMariaDb(adminUrl: string, rows: number): Promise<string> {
  const url = new URL(adminUrl)
  url.pathname = '/bench'
  await mariadbQuery(adminUrl, 'create or replace database bench character set utf8mb4')
  const columns = tableColumns.replace('double precision', 'double').replace('timestamp', 'datetime')
  await mariadbQuery(url.href, `create table t (${columns.replaceAll(' text', ' varchar(100)')}, primary key (id))`)
  await mariadbQuery(
    url.href,
    `insert into t select seq, seq * 7919 % 1000, concat('customer ', seq % 50000), (seq * 37 % 100000) / 100,
       timestampadd(second, seq, '2020-09-13 12:26:40'),
       if(seq % 5 = 0, null, concat('note ', seq, if(seq % 50 = 0, ', "quoted"', ''))), seq % 97,
       elt(1 + seq % 6, 'Zürich', 'São Paulo', 'New York', '東京', 'Berlin', 'Cairo')
     from seq_0_to_${rows - 1}`,
  )
  return url.href
}
