import { IconArrowsMaximize } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { formatPath } from '../../../../shared/pipeline/place.ts'
import { perform } from '../../../commands/perform.ts'
import { redo, undo } from '../../../commands/undo.ts'
import type { EditorLanguage } from '../../../editors/CodeEditor.tsx'
import { LazyEditor } from '../../../editors/LazyEditor.tsx'
import { useSelections } from '../../../stores/selection.ts'
import { Dialog } from '../../../ui/Dialog.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { settleDrafts, useDraft } from '../../useDraft.ts'
import { type EditorProps, textOf } from '../editor.ts'
import { Trouble } from '../Field.tsx'
import classes from '../form.module.css'
import { useForm } from '../scope.ts'
import { useSqlNames } from '../useSqlNames.ts'

/** Undo of the document, with what was typed a moment ago in it. */
const documentUndo = {
  undo: () => {
    settleDrafts()
    void perform(undo)
  },
  redo: () => {
    settleDrafts()
    void perform(redo)
  },
}

const lines = { expression: 1, sql: 6, code: 8 } as const

/** SQL, an expression or JavaScript, in a small editor that opens into a large one. */
export function CodeField({ field, path, value, set, setting, label, describedBy, trouble, placeholder }: EditorProps) {
  const names = useSqlNames(field)
  const caret = useCaret(formatPath(path))
  const [large, setLarge] = useState(false)
  const draft = useDraft(textOf(value), (text) => set(text === '' && !setting?.required ? undefined : text, true))
  const kind = field.editor === 'code' ? 'code' : field.editor === 'sql' ? 'sql' : 'expression'
  const language: EditorLanguage = kind === 'code' ? 'javascript' : names.dialect
  const mark = useMemo(
    () => (trouble?.position === undefined ? undefined : { position: trouble.position, message: trouble.message }),
    [trouble],
  )
  const shared = {
    label,
    language,
    value: draft.text,
    onChange: draft.setText,
    onSettle: draft.flush,
    mark,
    undo: documentUndo,
    placeholder,
    invalid: trouble !== undefined,
    ...(kind !== 'code' && { names }),
  }
  return (
    <div className={classes.codeBox} data-code-field>
      <LazyEditor
        {...shared}
        caret={large ? undefined : caret}
        onCaret={arrived}
        lines={lines[kind]}
        describedBy={describedBy}
      />
      {kind !== 'expression' && (
        <div className={classes.expand}>
          <IconButton
            label={`Open ${label} in a large editor`}
            icon={IconArrowsMaximize}
            size="sm"
            onClick={() => setLarge(true)}
          />
        </div>
      )}
      <Dialog
        opened={large}
        onClose={() => setLarge(false)}
        title={label}
        size="min(1000px, 92vw)"
        closeOnEscape={false}
        closeLabel="Close"
      >
        <div className={classes.large}>
          <LazyEditor {...shared} autoFocus fill numbers />
        </div>
        {trouble && <Trouble id="large-trouble" trouble={trouble} />}
      </Dialog>
    </div>
  )
}

const arrived = () => useSelections.setState({ field: null })

/** Where somebody who jumped to an error wants the caret; taken once. */
function useCaret(path: string): { position: number } | undefined {
  const { document, node } = useForm()
  const wanted = useSelections(({ field }) => field)
  return useMemo(
    () =>
      wanted?.document === document && wanted.node === node && wanted.field === path
        ? { position: wanted.position ?? 0 }
        : undefined,
    [wanted, document, node, path],
  )
}
