export { formatOfName as formatByName } from '../../../../shared/nodes/file-format.ts'
