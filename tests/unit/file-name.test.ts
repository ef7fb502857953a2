import { expect, it } from 'vitest'
import { fileNameProblem } from '../../shared/file-name.ts'

it.each([
  ['Sales of 2026', undefined],
  ['größte Flüge', undefined],
  ['x'.repeat(120), undefined],
  ['x'.repeat(121), 'A name has 120 characters at most.'],
  ['売'.repeat(66), undefined],
  ['売'.repeat(67), 'The name is too long for a file.'],
  ['🛩'.repeat(51), 'The name is too long for a file.'],
  [' ', 'Give it a name.'],
  ['.hidden', 'A name neither begins nor ends with a dot.'],
  ['ends.', 'A name neither begins nor ends with a dot.'],
  ['a/b', 'Leave out < > : " / \\ | ? *'],
  ['a\tb', 'Leave out < > : " / \\ | ? *'],
])('a file called %j', (name, problem) => {
  expect(fileNameProblem(name)).toBe(problem)
})
