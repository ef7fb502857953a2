// Makes routes.db from the published CSV: node make-routes.mjs flights-airport.csv routes.db
import { readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const [csv, file] = process.argv.slice(2)
rmSync(file, { force: true })
const database = new DatabaseSync(file)
database.exec(`create table routes (
  origin text not null, destination text not null, flights integer not null, primary key (origin, destination)
) without rowid`)
const insert = database.prepare('insert into routes values (?, ?, ?)')
database.exec('begin')
for (const line of readFileSync(csv, 'utf8').trim().split(/\r?\n/).slice(1)) {
  const [origin, destination, flights] = line.split(',')
  insert.run(origin, destination, Number(flights))
}
database.exec('commit')
database.exec('vacuum')
database.close()
