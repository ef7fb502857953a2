import { afterEach } from 'vitest'
import { whatIsSeen } from './app.ts'

/** A spec that fails says what was on the screen: it may have failed where nobody can look. */
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') process.stderr.write(`When "${task.name}" failed:\n${await whatIsSeen()}\n`)
})
