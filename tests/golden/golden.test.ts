import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import {
  type ExpectedOutput,
  type GoldenCase,
  goldenCases,
  outputOf,
  readExpectation,
  runCase,
  sortedRows,
} from './golden.ts'

async function failureOf(test: GoldenCase): Promise<AppError> {
  try {
    const { error } = await runCase(test, 'inspect')
    if (error) return error
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('The run completed, and should have failed.')
}

async function expectOutputs(
  test: GoldenCase,
  mode: 'inspect' | 'deliver',
  outputs: Record<string, ExpectedOutput>,
): Promise<void> {
  const outcome = await runCase(test, mode)
  if (outcome.error) throw outcome.error
  for (const [key, { unordered, columns, rows }] of Object.entries(outputs)) {
    // Rows that only pass through a node are not kept when a run delivers.
    const node = key.split('.')[0]
    if (mode === 'deliver' && outcome.pipeline.edges.some((edge) => edge.from === node && !edge.after)) continue
    const actual = outputOf(outcome, key)
    expect(actual.columns, `columns of ${key}`).toEqual(columns)
    if (unordered) expect(sortedRows(actual.rows), `rows of ${key}`).toEqual(sortedRows(rows))
    else expect(actual.rows, `rows of ${key}`).toEqual(rows)
  }
}

for (const [kind, cases] of Map.groupBy(goldenCases(), (test) => test.kind)) {
  describe(kind, () => {
    for (const test of cases) {
      const expected = readExpectation(test)
      if (expected.error) {
        const { code, at, message } = expected.error
        it(`${test.name} is refused`, async () => {
          const error = await failureOf(test)
          expect({ code: error.code, at: error.at, message: error.message }).toMatchObject({ code, at })
          if (message !== undefined) expect(error.message).toContain(message)
        })
        continue
      }
      it(`${test.name}, kept`, () => expectOutputs(test, 'inspect', expected.outputs))
      it(`${test.name}, delivered`, () => expectOutputs(test, 'deliver', expected.outputs))
    }
  })
}
