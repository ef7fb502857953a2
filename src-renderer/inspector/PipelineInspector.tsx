import { Select, TextInput } from '@mantine/core'
import { IconSchema } from '@tabler/icons-react'
import { addParameter, setPipeline } from '../../shared/pipeline/edit-pipeline.ts'
import { changeDocument, usePipeline } from '../stores/documents.ts'
import { GrowingText } from '../ui/GrowingText.tsx'
import { AddButton } from './form/editors/AddButton.tsx'
import classes from './inspector.module.css'
import { PanelHeader } from './PanelHeader.tsx'
import { ParameterCard } from './ParameterCard.tsx'
import { Section } from './Section.tsx'
import { useDraft } from './useDraft.ts'

/** Settings of the pipeline: its name, what it is for, how loads commit, and its parameters. */
export function PipelineInspector({ document }: { document: string }) {
  const pipeline = usePipeline(document)
  const set = (change: Parameters<typeof setPipeline>[1], burst: string | null = null) =>
    changeDocument(document, (before) => setPipeline(before, change), burst)
  const name = useDraft(pipeline?.name ?? '', (text) => text.trim() !== '' && set({ name: text }, 'pipeline name'))
  const description = useDraft(pipeline?.description ?? '', (text) =>
    set({ description: text }, 'pipeline description'),
  )
  if (!pipeline) return null
  const { parameters } = pipeline
  return (
    <div className={classes.panel}>
      <PanelHeader icon={IconSchema} title={pipeline.name} kind="Pipeline" />
      <div className={classes.body}>
        <div className={classes.fields}>
          <TextInput
            label="Name"
            value={name.text}
            error={name.text.trim() === '' ? 'A pipeline needs a name.' : undefined}
            onChange={({ currentTarget }) => name.setText(currentTarget.value)}
            onBlur={name.leave}
          />
          <GrowingText
            label="Description"
            least={2}
            most={10}
            value={description.text}
            onChange={({ currentTarget }) => description.setText(currentTarget.value)}
            onBlur={description.leave}
          />
          <Select
            label="Loads commit"
            allowDeselect={false}
            data={[
              { value: 'node', label: 'Each by itself' },
              { value: 'pipeline', label: 'All of a connection together' },
            ]}
            value={pipeline.atomic ?? 'node'}
            onChange={(value) => set({ atomic: value === 'pipeline' ? 'pipeline' : undefined })}
          />
        </div>
        <Section title="Parameters" opened note={parameters.length === 0 ? '' : String(parameters.length)}>
          <div className={classes.fields} data-items>
            {parameters.length === 0 && (
              <div className={classes.kind}>
                Values that are given when the pipeline runs, written <code>:name</code> in SQL and expressions and{' '}
                <code>{'{{name}}'}</code> in addresses and file names.
              </div>
            )}
            {parameters.map((parameter, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a name changes while it is typed; parameters are not moved
              <ParameterCard key={index} document={document} index={index} parameter={parameter} />
            ))}
            <div className={classes.buttons}>
              <AddButton item="parameter" add={() => changeDocument(document, addParameter)} />
            </div>
          </div>
        </Section>
      </div>
    </div>
  )
}
