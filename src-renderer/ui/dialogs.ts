import type { ReactNode } from 'react'
import { create } from 'zustand'

/** A way to answer a question. */
export interface Choice<V extends string = string> {
  value: V
  label: string
  /** `main` is what Enter does; `danger` loses something. */
  tone?: 'main' | 'danger'
}

export interface Question {
  kind: 'choose'
  title: string
  message: ReactNode
  choices: readonly Choice[]
  answer(value: string | null): void
}

/** What is wrong with a text, and what the button says that takes it all the same. */
export interface Danger {
  problem: string
  action: string
}

export interface TextQuestion {
  kind: 'text'
  title: string
  /** What is to be known beside the question. */
  message?: string | undefined
  label: string
  value: string
  action: string
  /** What is wrong with a text, in words; undefined when nothing is. */
  check?: ((text: string) => string | undefined) | undefined
  /** What a text would do beyond what is asked: said at the field, and done only by a button of its own, never by Enter. */
  danger?: ((text: string) => Danger | undefined) | undefined
  answer(value: string | null): void
}

interface DialogsState {
  /** Asked one after the other, the first is shown. */
  waiting: readonly (Question | TextQuestion)[]
}

export const useDialogs = create<DialogsState>()(() => ({ waiting: [] }))

/** Asks a question with buttons. @returns the choice, null when the dialog was closed instead */
export async function choose<V extends string>(question: {
  title: string
  message: ReactNode
  choices: readonly Choice<V>[]
}): Promise<V | null> {
  const value = await ask((answer) => ({ kind: 'choose', ...question, answer }))
  return question.choices.find((choice) => choice.value === value)?.value ?? null
}

/** Asks before something is done. `danger`: it cannot be taken back. */
export async function confirm(question: {
  title: string
  message: ReactNode
  action: string
  danger?: boolean
}): Promise<boolean> {
  const { title, message, action, danger } = question
  const tone = danger ? 'danger' : 'main'
  return (await choose({ title, message, choices: [{ value: 'yes', label: action, tone }] })) === 'yes'
}

/** Asks for a line of text. @returns it without space around, null when the dialog was closed */
export function promptText(question: {
  title: string
  message?: string
  label: string
  value?: string
  action: string
  check?: (text: string) => string | undefined
  danger?: (text: string) => Danger | undefined
}): Promise<string | null> {
  const { title, message, label, value = '', action, check, danger } = question
  return ask((answer) => ({ kind: 'text', title, message, label, value, action, check, danger, answer }))
}

function ask(question: (answer: (value: string | null) => void) => Question | TextQuestion): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = question((value) => {
      useDialogs.setState(({ waiting }) => ({ waiting: waiting.filter((other) => other !== asked) }))
      resolve(value)
    })
    useDialogs.setState(({ waiting }) => ({ waiting: [...waiting, asked] }))
  })
}
