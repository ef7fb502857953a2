import type { ErrorCode } from '../../../shared/errors.ts'

/** What a server's error means to us. */
export interface Class {
  code: ErrorCode
  retryable?: boolean
}

/** By the server's number; MySQL and MariaDB share those below 1900 and part ways above. */
const groups: [ErrorCode, number[]][] = [
  ['CONNECTION_AUTH', [1044, 1045, 1130, 1131, 1132, 1251, 1396, 1524, 1698, 1820, 1862, 3118, 4151]],
  ['CONNECTION_DATABASE', [1049]],
  ['QUERY_DENIED', [1142, 1143, 1227, 1370, 1410, 1419]],
  ['QUERY_MISSING', [1046, 1051, 1054, 1072, 1109, 1146, 1176, 1305, 1630, 4091]],
  ['QUERY_READ_ONLY', [1036, 1290, 1792, 1836, 3989]],
  ['QUERY_SYNTAX', [1064, 1065, 1149, 1295]],
  ['DATA_CONSTRAINT', [1022, 1048, 1062, 1169, 1216, 1217, 1263, 1364, 1451, 1452, 1557, 1586, 3819, 4025]],
  ['DATA_RANGE', [1264, 1406, 1441, 1690, 1916]],
  ['DATA_TYPE', [1261, 1262, 1265, 1292, 1300, 1366, 1367, 1411, 1918, 1977, 3140, 3141, 3156, 4079]],
  ['LIMIT_MEMORY', [1037, 1038, 1041, 1206]],
  ['LIMIT_DISK', [1021, 1114]],
  ['LIMIT_SIZE', [1069, 1070, 1071, 1074, 1117, 1118, 1153, 1301]],
  ['LIMIT_TIME', [1028, 1317, 1969, 3024]],
  ['QUERY_CONFLICT', [1007, 1050, 1412, 1684, 1701, 3730]],
]
const byNumber = new Map(
  groups.flatMap(([code, numbers]) => numbers.map((number): [number, Class] => [number, { code }])),
)

/** The same work may succeed when it is tried again. */
const retryable: [ErrorCode, number[]][] = [
  ['QUERY_CONFLICT', [1020, 1205, 1213, 1614, 1615]],
  ['CONNECTION_REFUSED', [1040, 1203, 1226]],
  ['CONNECTION_LOST', [1053, 1077, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 3169, 4031]],
]
for (const [code, numbers] of retryable) for (const number of numbers) byNumber.set(number, { code, retryable: true })

export function classify({ number, sqlState, message }: { number: number; sqlState: string; message: string }): Class {
  // The number by which MySQL tells a client that it was idle for too long.
  if (number === 4031 && message.startsWith('Referenced trigger')) return { code: 'QUERY_MISSING' }
  const known = byNumber.get(number)
  if (known) return known
  switch (sqlState.slice(0, 2)) {
    case '08':
      return { code: 'CONNECTION_LOST', retryable: true }
    case '22':
      return { code: 'DATA_TYPE' }
    case '23':
      return { code: 'DATA_CONSTRAINT' }
    case '28':
      return { code: 'CONNECTION_AUTH' }
    case '40':
      return { code: 'QUERY_CONFLICT', retryable: true }
    default:
      return { code: 'QUERY_FAILED' }
  }
}

/** Errors whose message advises to read the manual. */
export const unreadable = new Set([1064, 1149])

/** A connection that must be encrypted, or a user whose must. */
export const wantsTls = (number: number) => number === 3159 || number === 1045

/** LOAD DATA LOCAL switched off, at the server or in the driver. */
export const infileRefused = new Set([1148, 3948, 4166])
