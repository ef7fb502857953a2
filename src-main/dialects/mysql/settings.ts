/**
 * What every session starts from, whatever the server or the user has set: strict about values, backslashes escape, zero is no
 * call for a new number, time stands in UTC, and a slow other end of a pipeline is no reason to hang up.
 */
export const settings = [
  'set names utf8mb4',
  "time_zone = '+00:00'",
  "sql_mode = concat_ws(',', replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO')",
  'autocommit = 1',
  'sql_notes = 0',
  'net_write_timeout = 86400',
  'net_read_timeout = 86400',
  'wait_timeout = 86400',
].join(', ')
