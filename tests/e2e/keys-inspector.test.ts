import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { customers, type InspectorPage, type Opened, openShop, orders } from './inspector-page.ts'
import { chooseOption, fill, focused, press, regionTo, tabTo } from './keys.ts'
import { pickNode, savedPipeline } from './keys-inspector-page.ts'

/** What is set by the mouse in the specs of the inspector, by keys alone. */
let opened: Opened
let page: Page
let inspector: InspectorPage
beforeAll(async () => {
  opened = await openShop({
    nodes: {
      orders,
      customers,
      t: { kind: 'table', config: {} },
      both: { kind: 'join', config: { keys: [] } },
      some: { kind: 'select', config: { columns: [] } },
      sums: { kind: 'aggregate', config: { keys: [], measures: [] } },
      sorted: { kind: 'sort', config: { keys: [] } },
      big: { kind: 'filter', config: { where: 'id > 0 and amout > 100' } },
      typed: { kind: 'rows', config: { columns: [] } },
    },
    edges: [
      { from: 'orders', to: 'both', toPort: 'left' },
      { from: 'customers', to: 'both', toPort: 'right' },
      ...['some', 'sums', 'sorted', 'big'].map((to) => ({ from: 'orders', to })),
      { from: 'customers', to: 'big', after: true },
    ],
  })
  page = opened.app.page
  inspector = opened.inspector
})
afterAll(async () => {
  expect(opened.app.complaints).toEqual([])
  await opened[Symbol.asyncDispose]()
})

const eventually = <T>(get: () => Promise<T>) => expect.poll(get)
const button = (name: string | RegExp) => inspector.panel.getByRole('button', { name, exact: typeof name === 'string' })

const pick = (id: string) => pickNode(opened, id)
const saved = (part: (pipeline: Pipeline) => unknown) => savedPipeline(opened, part)

test('a connection, a table and columns are picked, and a wrong column is mended', async () => {
  await pick('t')
  await tabTo(page, inspector.field('Connection'))
  await page.keyboard.type('sh')
  await chooseOption(page, /^shop/)
  await tabTo(page, inspector.field('Table'))
  await page.keyboard.type('ord')
  await chooseOption(page, /^orders/)
  await eventually(() => inspector.columnNames()).toEqual(['id', 'customer_id', 'amount', 'status'])
  await tabTo(page, inspector.field('Columns'))
  await page.keyboard.type('amoun')
  await page.keyboard.press('Enter')
  await press(page, button('Use amount'))
  await eventually(() => inspector.columnNames()).toEqual(['amount'])
  await focused(inspector.field('Columns').first())
})

test('pairs of a join are added, changed and removed', async () => {
  await pick('both')
  await press(page, button('Add pair'))
  await focused(inspector.field('Keys 1, left'))
  await page.keyboard.type('cust')
  await chooseOption(page, /^customer_id/)
  await page.keyboard.press('Tab')
  await focused(inspector.field('Keys 1, right'))
  await page.keyboard.type('id')
  await chooseOption(page, /^id/)
  await eventually(() => inspector.columnNames()).toContain('id_right')
  await press(page, button('Add pair'))
  await focused(inspector.field('Keys 2, left'))
  await press(page, button('Remove pair 2'))
  await focused(button('Remove pair 1'))
  await fill(page, inspector.field('Keys 1, right'), 'countr', { back: true })
  await chooseOption(page, /^country/)
  await saved(({ nodes }) => nodes.both?.config.keys).toEqual([{ left: 'customer_id', right: 'country' }])
  await press(page, button('Remove pair 1'))
  await focused(button('Add pair'))
  await inspector.panel.getByText('Add at least one.').waitFor()
})

test('columns are picked all, put in order, renamed and removed', async () => {
  await pick('some')
  await press(page, button('Add all columns'))
  await focused(button('Move column 1'))
  await page.keyboard.press('ArrowDown')
  await eventually(() => inspector.columnNames()).toEqual(['customer_id', 'id', 'amount', 'status'])
  await focused(button('Move column 2'))
  await press(page, button('Remove column 2'))
  await focused(button('Remove column 2'))
  await press(page, button('Remove column 3'))
  await focused(button('Remove column 2'))
  await fill(page, inspector.field('Columns 1, name'), 'who', { back: true })
  await eventually(() => inspector.columnNames()).toEqual(['who', 'amount'])
})

test('measures and sort keys are made', async () => {
  await pick('sums')
  await press(page, button('Add measure'))
  await focused(inspector.field('Measures 1, function'))
  await page.keyboard.type('sum')
  await chooseOption(page, 'sum')
  await tabTo(page, inspector.field('Measures 1, column'))
  await page.keyboard.type('amou')
  await chooseOption(page, /^amount/)
  await fill(page, inspector.field('Measures 1, name'), 'total')
  await eventually(() => inspector.columnNames()).toEqual(['total'])
  await press(page, button('Only rows where'))
  await focused(inspector.code('Measures 1, only rows where'))
  await page.keyboard.type('id > 1')
  await pick('sorted')
  await press(page, button('Add column'))
  await focused(inspector.field('Order by 1, column'))
  await page.keyboard.type('sta')
  await chooseOption(page, /^status/)
  await saved(({ nodes }) => nodes.sums?.config.measures).toMatchObject([
    { function: 'sum', column: 'amount', name: 'total', filter: 'id > 1' },
  ])
  await saved(({ nodes }) => nodes.sorted?.config.keys).toMatchObject([{ column: 'status' }])
})

test('rows are typed, with NULL, and removed', async () => {
  await pick('typed')
  await press(page, button('Add column'))
  await focused(inspector.field('Columns 1, name'))
  await page.keyboard.type('word')
  await fill(page, inspector.field('Columns 1, type'), 'text')
  await page.keyboard.press('Escape')
  await press(page, button('Add row'))
  await focused(inspector.field('word, row 1'))
  await page.keyboard.type('x')
  await page.keyboard.press('Backspace')
  await eventually(() => inspector.field('word, row 1').getAttribute('placeholder')).toBe('')
  await page.keyboard.press('Backspace')
  await eventually(() => inspector.field('word, row 1').getAttribute('placeholder')).toBe('NULL')
  await press(page, button('Add row'))
  await focused(inspector.field('word, row 2'))
  await page.keyboard.type('two')
  await saved(({ nodes }) => nodes.typed?.config.rows).toEqual([[null], ['two']])
  await press(page, button('Remove row 2'))
  await focused(button('Remove row 1'))
  await page.keyboard.press('Enter')
  await focused(button('Add row'))
})

test('a node is given another id, tried again, timed and switched off', async () => {
  await pick('orders')
  await press(page, button('Node'))
  await fill(page, inspector.field('Id'), 'sales')
  await page.keyboard.press('Enter')
  await inspector.card('sales').waitFor()
  await focused(inspector.field('Id'))
  const disabled = inspector.panel.getByRole('switch', { name: /^Disabled/ })
  await tabTo(page, disabled)
  await page.keyboard.press('Space')
  await inspector.card('sales').getByText('Disabled').waitFor()
  await page.keyboard.press('Space')
  await fill(page, inspector.field('Timeout (s)'), '90.5')
  await tabTo(page, inspector.panel.getByRole('switch', { name: /^Try again/ }))
  await page.keyboard.press('Space')
  await fill(page, inspector.field('Times'), '5')
  await tabTo(page, inspector.field('On'))
  await page.keyboard.type('CONNECTION')
  await chooseOption(page, 'CONNECTION')
  await saved(({ nodes }) => nodes.sales).toMatchObject({ timeoutMs: 90_500, retry: { count: 5, on: ['CONNECTION'] } })
})

test('help of a node is opened and closed, and its rows are previewed', async () => {
  await pick('sales')
  await press(page, button('Help for Table'), { back: true })
  const help = page.getByRole('dialog', { name: 'Table' })
  await focused(help)
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'detached' })
  await focused(button('Help for Table'))
  await press(page, button(/^Preview/), { back: true })
  await page.getByRole('gridcell', { name: '120.50' }).waitFor()
})

test('an edge is turned into one of order only and back', async () => {
  await pick('customers')
  await regionTo(page, page.getByRole('application', { name: 'Canvas' }))
  const after = inspector.panel.getByRole('switch', { name: /^Order only/ })
  await page.keyboard.press('e')
  await regionTo(page, inspector.panel)
  await tabTo(page, after)
  await page.keyboard.press('Space')
  await inspector.panel.getByText('Order only', { exact: true }).waitFor()
  await focused(after)
  await page.keyboard.press('Space')
  await inspector.panel.getByText('Rows pass', { exact: true }).waitFor()
  await focused(after)
})

test('an error leads to its field, with the caret where it is', async () => {
  await pick('big')
  await press(page, button(/^Preview/))
  await page.getByRole('button', { name: 'Show where' }).waitFor()
  await page.keyboard.press('F8')
  await focused(inspector.code('Condition'))
  await page.keyboard.type('total_')
  await eventually(() => inspector.code('Condition').textContent()).toBe('id > 0 and total_amout > 100')
})

test('several nodes are switched off and deleted together', async () => {
  await pick('some')
  await regionTo(page, page.getByRole('application', { name: 'Canvas' }))
  await page.keyboard.press('Control+a')
  await regionTo(page, inspector.panel)
  await press(page, button('Disable'))
  await inspector.card('both').getByText('Disabled').waitFor()
  await press(page, button('Delete'))
  await inspector.card('both').waitFor({ state: 'detached' })
  await focused(page.getByRole('application', { name: 'Canvas' }))
})

test('parameters are added, checked and removed', async () => {
  await regionTo(page, inspector.panel)
  await press(page, button('Add parameter'))
  await focused(inspector.field('Parameter parameter, name'))
  await fill(page, inspector.field('Parameter parameter, name'), 'since')
  await page.keyboard.press('Tab')
  await focused(inspector.field('Parameter since, type'))
  await page.keyboard.press('Enter')
  await chooseOption(page, 'date')
  const card = inspector.panel.getByRole('group', { name: 'Parameter since' })
  await fill(page, card.getByLabel('Default'), 'soon')
  await card.getByText(/soon/).waitFor()
  await fill(page, card.getByLabel('Default'), '2024-01-31')
  await card.getByText(/soon/).waitFor({ state: 'hidden' })
  await press(page, button('Add parameter'))
  await focused(inspector.field('Parameter parameter, name'))
  await press(page, button('Remove parameter parameter'))
  await card.waitFor()
  await focused(card)
  await saved(({ parameters }) => parameters).toEqual([{ name: 'since', type: 'date', default: '2024-01-31' }])
  await press(page, button('Remove parameter since'))
  await focused(button('Add parameter'))
})
