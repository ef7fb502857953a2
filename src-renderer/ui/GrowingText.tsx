import { Textarea, type TextareaProps } from '@mantine/core'

interface GrowingTextProps extends Omit<TextareaProps, 'rows' | 'minRows' | 'maxRows' | 'autosize' | 'styles'> {
  /** Lines that it has at least. */
  least: number
  /** Lines after which it scrolls. */
  most: number
}

/** A text field of several lines that is as high as its text. The browser sees to it: measuring by script would lay out the page twice. */
export function GrowingText({ least, most, ...rest }: GrowingTextProps) {
  const lines = (count: number) => `calc(${count} * 1lh + 12px)`
  return (
    <Textarea
      {...rest}
      styles={{
        input: {
          fieldSizing: 'content',
          height: 'auto',
          minHeight: lines(least),
          maxHeight: lines(most),
          resize: 'none',
        },
      }}
    />
  )
}
