import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Dialog } from './Dialog.tsx'
import { type Question, type TextQuestion, useDialogs } from './dialogs.ts'

/** Shows what `choose`, `confirm` and `promptText` ask, which give the focus back; once in the window. */
export function Dialogs() {
  const question = useDialogs(({ waiting }) => waiting[0])
  return (
    <Dialog opened={question !== undefined} onClose={() => question?.answer(null)} title={question?.title} size="sm">
      {question?.kind === 'choose' && <Choices question={question} />}
      {question?.kind === 'text' && <TextForm key={question.title} question={question} />}
    </Dialog>
  )
}

function Choices({ question: { message, choices, answer } }: { question: Question }) {
  return (
    <Stack gap="lg">
      <Text component="div" size="sm">
        {message}
      </Text>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={() => answer(null)}>
          Cancel
        </Button>
        {choices.map(({ value, label, tone }) => (
          <Button
            key={value}
            variant={tone === undefined ? 'default' : 'filled'}
            {...(tone === 'danger' && { color: 'red' })}
            {...(tone === 'main' && { 'data-autofocus': true })}
            onClick={() => answer(value)}
          >
            {label}
          </Button>
        ))}
      </Group>
    </Stack>
  )
}

function TextForm({ question: { message, label, value, action, check, danger, answer } }: { question: TextQuestion }) {
  const [text, setText] = useState(value)
  const wrong = text.trim() === '' ? '' : check?.(text.trim())
  const dangerous = wrong === undefined ? danger?.(text.trim()) : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrong === undefined && !dangerous) answer(text.trim())
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        {message !== undefined && <Text size="sm">{message}</Text>}
        <TextInput
          label={label}
          value={text}
          error={wrong ?? dangerous?.problem}
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => answer(null)}>
            Cancel
          </Button>
          {dangerous ? (
            <Button color="red" onClick={() => answer(text.trim())}>
              {dangerous.action}
            </Button>
          ) : (
            <Button type="submit" disabled={wrong !== undefined}>
              {action}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
