import type { ConnectionConfig } from '../../shared/connections.ts'
import type { Diagnosis, DiagnosisKind } from '../../shared/contract/connections.ts'
import type { AppError } from '../../shared/errors.ts'

interface Advice {
  title: string
  steps: string[]
  field?: string
  change?: Diagnosis['change']
}

const portNames = { sqlite: '', postgres: '5432', mysql: '3306' }
const serverNames = { sqlite: 'SQLite', postgres: 'PostgreSQL', mysql: 'MySQL or MariaDB' }

/** What a kind of failure is called, and what to do about it. */
export function adviceFor(kind: DiagnosisKind, config: ConnectionConfig, error: AppError): Advice {
  const { dialect, host = 'localhost', user, database } = config
  const server = serverNames[dialect]
  const hint = error.hint === undefined ? [] : [error.hint]
  const advice: Record<DiagnosisKind, Advice> = {
    'host-unknown': {
      title: 'The host is unknown',
      steps: [
        `Check the spelling of "${host}".`,
        'If it is a name inside a company or cloud network, connect to its VPN or use an SSH tunnel.',
      ],
      field: 'host',
    },
    unreachable: {
      title: 'The host cannot be reached',
      steps: [
        'Check the network and the VPN.',
        'Ask whether a firewall keeps you out; an SSH tunnel may lead around it.',
      ],
      field: 'host',
    },
    refused: {
      title: 'Nothing listens there',
      steps: [
        `Check the port; ${server} usually listens on ${portNames[dialect]}.`,
        'Check that the server is running.',
        'A server may listen on its own machine only: then use an SSH tunnel.',
      ],
      field: 'port',
    },
    'no-room': {
      title: 'The server has no free connection',
      steps: [
        'Wait until others have ended theirs, and try again.',
        'Lower the number of connections that this one may hold, or raise the limit at the server.',
      ],
    },
    timeout: {
      title: 'No answer in time',
      steps: [
        'Check host and port: something else may listen there.',
        'A firewall may swallow the packets: ask for access, connect to the VPN, or use an SSH tunnel.',
      ],
      field: 'host',
    },
    'not-this-database': {
      title: `No ${server} server answers there`,
      steps: [`Something hung up at once. Check that ${server} listens at this host and port.`, ...hint],
      field: 'port',
    },
    'tls-required': {
      title: 'The server wants an encrypted connection',
      steps: ['Set encryption to "Required".', 'Choose "Verified" where you have the certificate of its authority.'],
      field: 'tls.mode',
      change: { label: 'Require encryption', field: 'tls.mode', value: 'require' },
    },
    'tls-untrusted': {
      title: 'The certificate of the server is not trusted',
      steps: [
        'Give the certificate of the authority (CA) that signed it; cloud providers offer it as a download.',
        `The host must be spelled as in the certificate; here it is "${host}".`,
        'Encryption "Required" does not check certificates: only for networks you trust.',
      ],
      field: 'tls.ca',
    },
    'tls-not-offered': {
      title: 'The server does not encrypt',
      steps: [
        'Turn encryption on at the server.',
        'In a network you trust, or through an SSH tunnel, set encryption to "Off".',
      ],
      field: 'tls.mode',
      change: { label: 'Turn encryption off', field: 'tls.mode', value: 'off' },
    },
    'tls-files': { title: 'A certificate cannot be read', steps: hint, field: 'tls.ca' },
    'wrong-password': {
      title: 'User or password is wrong',
      steps: [
        `Enter the password of ${user === undefined ? 'the user' : `"${user}"`} again.`,
        'Servers do not tell a wrong password from a user that they do not know: check the user, too.',
      ],
      field: 'password',
    },
    'password-missing': {
      title: 'A password is wanted',
      steps: [`Enter the password of ${user === undefined ? 'the user' : `"${user}"`}.`, 'Check the user.'],
      field: 'password',
    },
    'unknown-user': {
      title: 'The user is unknown',
      steps: [
        `Check the spelling of ${user === undefined ? 'the user' : `"${user}"`}.`,
        'Ask for the user to be created.',
      ],
      field: 'user',
    },
    'not-allowed': {
      title: 'The server does not let you in from here',
      steps: ['Check user and database.', ...hint, 'Ask its administrator to allow this user from this machine.'],
      field: 'user',
    },
    'database-missing': {
      title: 'The database does not exist',
      steps: [
        `Check the spelling of ${database === undefined ? 'the database' : `"${database}"`}.`,
        'Create it first, if it is meant to be new.',
      ],
      field: 'database',
    },
    'file-missing': {
      title: 'The file does not exist',
      steps: [
        'Pick the file again: it may have been moved or renamed.',
        'Use "Create new" to begin with an empty database.',
      ],
      field: 'file',
    },
    'file-denied': {
      title: 'The file cannot be read',
      steps: ['Check its permissions and those of its folder.'],
      field: 'file',
    },
    'not-a-database': {
      title: 'This is not a SQLite database',
      steps: [
        'Pick the database file itself.',
        'Encrypted databases (SQLCipher) look like this too, and cannot be opened.',
      ],
      field: 'file',
    },
    damaged: {
      title: 'The database file is damaged',
      steps: ['Restore it from a backup.', 'The .recover command of the sqlite3 shell may save what is left.'],
      field: 'file',
    },
    locked: {
      title: 'The database is locked',
      steps: ['Another program is writing to the file: close it, or wait until it is done.', 'Try again.'],
      field: 'file',
    },
    'tunnel-host': {
      title: 'The SSH server cannot be reached',
      steps: ['Check the host of the SSH tunnel.', ...hint],
      field: 'tunnel.host',
    },
    'tunnel-refused': {
      title: 'No SSH server listens there',
      steps: ['Check the port of the SSH tunnel; SSH usually listens on 22.', 'Check that the server is running.'],
      field: 'tunnel.port',
    },
    'tunnel-timeout': {
      title: 'The SSH server does not answer',
      steps: [
        'Check host and port of the SSH tunnel.',
        'A firewall may keep you out: ask for access, or connect to the VPN.',
      ],
      field: 'tunnel.host',
    },
    'tunnel-auth': {
      title: 'The SSH server did not let you in',
      steps: [
        'Check the user of the SSH tunnel.',
        'Check the password or the key; the server may allow only one of them.',
      ],
      field: 'tunnel.user',
    },
    'tunnel-key': { title: 'The SSH key cannot be used', steps: hint, field: error.at.field ?? 'tunnel.key' },
    'tunnel-host-key': {
      title: 'The SSH server is not the one it was',
      steps: [
        'Ask its administrator whether its key was changed, e.g. because it was set up anew.',
        'If it was not, someone may be in between: do not connect.',
      ],
      field: 'tunnel.host',
    },
    'tunnel-target': {
      title: 'The SSH server cannot reach the database',
      steps: hint,
      field: 'host',
    },
    vault: {
      title: 'The password cannot be read',
      steps: hint,
      ...(error.at.field === undefined ? {} : { field: error.at.field }),
    },
    config: {
      title: 'The connection is not complete',
      steps: hint,
      ...(error.at.field === undefined ? {} : { field: error.at.field }),
    },
    other: { title: 'The connection failed', steps: hint },
  }
  return advice[kind]
}
