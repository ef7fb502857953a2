import { Button, NumberInput, SegmentedControl } from '@mantine/core'
import { type ReactNode, useEffect, useId, useState } from 'react'
import type { Settings } from '../../shared/contract/settings.ts'
import { asAppError } from '../api/client.ts'
import { keySheet, nodeHelp } from '../commands/help.ts'
import { perform } from '../commands/perform.ts'
import { changeSettings, useSettings } from '../stores/settings.ts'
import { showError } from '../ui/notify.ts'
import { About } from './About.tsx'
import { KeptRows } from './KeptRows.tsx'
import classes from './settings.module.css'

/** What the user can set; every change holds at once. */
export default function SettingsScreen() {
  const settings = useSettings()
  const set = (change: Partial<Settings>) =>
    void changeSettings(change).catch((thrown) => showError(asAppError(thrown), 'The setting was not kept'))
  return (
    <div className={classes.page}>
      <div className={classes.content}>
        <h1>Settings</h1>
        <Group title="Looks">
          <Row label="Theme" help="System follows light and dark as the system does.">
            {(name) => (
              <SegmentedControl
                aria-label={name}
                value={settings.theme}
                onChange={(theme) => set({ theme })}
                data={[
                  { value: 'system', label: 'System' },
                  { value: 'light', label: 'Light' },
                  { value: 'dark', label: 'Dark' },
                ]}
              />
            )}
          </Row>
          <Row label="Density" help="How high rows are in grids and lists.">
            {(name) => (
              <SegmentedControl
                aria-label={name}
                value={settings.density}
                onChange={(density) => set({ density })}
                data={[
                  { value: 'compact', label: 'Compact' },
                  { value: 'comfortable', label: 'Comfortable' },
                ]}
              />
            )}
          </Row>
        </Group>
        <Group title="Runs">
          <Row
            label="Run button"
            help="Inspect keeps the rows of every node, to look at. Deliver only moves them, as fast as it can."
          >
            {(name) => (
              <SegmentedControl
                aria-label={name}
                value={settings.mode}
                onChange={(mode) => set({ mode })}
                data={[
                  { value: 'inspect', label: 'Inspect' },
                  { value: 'deliver', label: 'Deliver' },
                ]}
              />
            )}
          </Row>
          <NumberRow
            label="Memory for a run"
            help="Beyond it, work goes on by way of the disk."
            unit="MB"
            value={settings.memoryMb}
            min={128}
            max={1_000_000}
            step={128}
            onChange={(memoryMb) => set({ memoryMb })}
          />
        </Group>
        <Group title="Kept rows">
          <NumberRow
            label="Disk budget"
            help="Kept rows take no more than this; the oldest go first."
            unit="MB"
            value={settings.diskBudgetMb}
            min={100}
            max={10_000_000}
            step={1_024}
            onChange={(diskBudgetMb) => set({ diskBudgetMb })}
          />
          <NumberRow
            label="Keep runs for"
            help="Older runs leave the history, and their rows with them."
            unit="days"
            value={settings.keepDays}
            min={1}
            max={3_650}
            step={1}
            onChange={(keepDays) => set({ keepDays })}
          />
          <KeptRows />
        </Group>
        <Group title="Help">
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => void perform(nodeHelp)}>
              Help on nodes
            </Button>
            <Button variant="default" onClick={() => void perform(keySheet)}>
              Keyboard shortcuts
            </Button>
          </div>
        </Group>
        <About />
      </div>
    </div>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={classes.group}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}

interface RowProps {
  label: string
  help: string
  children(label: string): ReactNode
}

function Row({ label, help, children }: RowProps) {
  return (
    <div className={classes.row}>
      <div>
        <div className={classes.label}>{label}</div>
        <div className={classes.help}>{help}</div>
      </div>
      {children(label)}
    </div>
  )
}

interface NumberRowProps {
  label: string
  help: string
  unit: string
  value: number
  min: number
  max: number
  step: number
  onChange(value: number): void
}

function NumberRow({ label, help, unit, value, min, max, step, onChange }: NumberRowProps) {
  const [typed, setTyped] = useState<number | string>(value)
  useEffect(() => setTyped(value), [value])
  const take = (given: number | string) => {
    setTyped(given)
    if (typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max) onChange(given)
  }
  return (
    <Row label={label} help={help}>
      {(name) => (
        <NumberInput
          aria-label={`${name} (${unit})`}
          className={classes.number}
          value={typed}
          min={min}
          max={max}
          step={step}
          thousandSeparator=","
          suffix={` ${unit}`}
          allowDecimal={false}
          clampBehavior="blur"
          onChange={take}
          onBlur={() => typed === '' && setTyped(value)}
        />
      )}
    </Row>
  )
}
