import type { SchemaQuestions } from '../../server/database.ts'
import type { Link } from '../link.ts'
import { readDefinition } from './definition.ts'
import { readDiagram } from './diagram.ts'
import { listFunctions } from './functions.ts'
import { readObject } from './object.ts'
import { listObjects } from './objects.ts'

export const schema: SchemaQuestions<Link> = { listObjects, readObject, readDefinition, readDiagram, listFunctions }
