import { afterEach } from 'vitest'
import { whatIsSeen } from './app.ts'

/** A spec that fails says what was on the screen, in what is said of it at the end: it may have failed where nobody can look. */
afterEach(async ({ task }) => {
  const error = task.result?.errors?.[0]
  if (error) error.message += `\nWhat was seen:\n${await whatIsSeen()}`
})
