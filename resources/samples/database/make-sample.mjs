// Makes sample.db, the database that a new workspace starts with, from the data of 01-airports: node make-sample.mjs
import { readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
rmSync(at('sample.db'), { force: true })
const database = new DatabaseSync(at('sample.db'))
database.exec(`
  pragma page_size = 4096;
  create table airports (
    iata text primary key, name text not null, city text, state text, country text not null,
    latitude real not null, longitude real not null
  );
  create table routes (
    origin text not null references airports (iata), destination text not null references airports (iata),
    flights integer not null, primary key (origin, destination)
  );
  create index routes_by_destination on routes (destination);
  create view busiest_airports as
    select origin as airport, name, city, state, sum(flights) as departures, count(*) as destinations
    from routes join airports on iata = origin group by origin order by departures desc;
`)

database.exec('begin')
const airport = database.prepare('insert into airports values (?, ?, ?, ?, ?, ?, ?)')
const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g
for (const line of readFileSync(at('../01-airports/data/airports.csv'), 'utf8').trim().split(/\r?\n/).slice(1)) {
  const fields = [...line.matchAll(field)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain)
  const [iata, name, city, state, country, latitude, longitude] = fields.map((text) => (text === 'NA' ? null : text))
  airport.run(iata, name, city, state, country, Number(latitude), Number(longitude))
}
const routes = new DatabaseSync(at('../01-airports/data/routes.db'), { readOnly: true })
const route = database.prepare('insert into routes select ?, ?, ? where ? in (select iata from airports)')
for (const { origin, destination, flights } of routes.prepare('select * from routes').all()) {
  route.run(origin, destination, flights, destination)
}
routes.close()
database.exec('commit')
database.exec('vacuum')
database.close()
