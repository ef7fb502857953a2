import { createContext, useContext } from 'react'
import type { SecretState } from '../../shared/contract/connections.ts'
import type { Form } from './useForm.ts'

interface Around {
  form: Form
  /** How the secrets are that the workspace keeps, by path. */
  secrets: Readonly<Record<string, SecretState>>
  /** Ids of the sections that are open. */
  sections: readonly string[]
  openSections(ids: string[]): void
}

/** The form that fields are in. */
export const FormContext = createContext<Around | null>(null)

export function useFormContext(): Around {
  const around = useContext(FormContext)
  if (!around) throw new Error('A field stands outside of a form.')
  return around
}
