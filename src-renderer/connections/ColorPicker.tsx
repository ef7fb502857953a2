import { Input } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useId } from 'react'
import { connectionColors } from '../../shared/connections.ts'
import classes from './colors.module.css'

interface ColorPickerProps {
  value: string
  onChange(color: string): void
}

const choices = ['', ...connectionColors]

/** One of the named hues, or none. Arrows choose, as in any group of radio buttons. */
export function ColorPicker({ value, onChange }: ColorPickerProps) {
  const id = useId()
  return (
    <Input.Wrapper size="xs" label="Colour" labelElement="div" labelProps={{ id }}>
      <div className={classes.swatches} role="radiogroup" aria-labelledby={id}>
        {choices.map((color) => {
          const name = color === '' ? 'No colour' : `${color[0]?.toUpperCase()}${color.slice(1)}`
          return (
            <label key={color} className={classes.swatch} data-hue={color === '' ? 'none' : color} title={name}>
              <input
                type="radio"
                name="connection-color"
                aria-label={name}
                value={color}
                checked={value === color}
                onChange={() => onChange(color)}
              />
              <IconCheck size={12} stroke={3} aria-hidden />
            </label>
          )
        })}
      </div>
    </Input.Wrapper>
  )
}
