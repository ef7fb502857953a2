import type { SchemaFunction } from '../../../../shared/data/catalog.ts'

/** Functions that MySQL and MariaDB have built in; the server itself tells them nowhere. */
const functions = `abs(x) acos(x) adddate(date, interval) addtime(time, time) aes_decrypt(data, key) aes_encrypt(data, key) ascii(text) asin(x)
atan(y, [x]) atan2(y, x) benchmark(count, expression) bin(n) bit_count(n) bit_length(text) ceil(x) ceiling(x) char(n, …) char_length(text)
character_length(text) charset(text) coalesce(value, …) coercibility(text) collation(text) compress(data) concat(text, …)
concat_ws(separator, text, …) connection_id() conv(n, from_base, to_base) convert_tz(time, from_zone, to_zone) cos(x) cot(x) crc32(data)
curdate() current_date() current_time([digits]) current_timestamp([digits]) current_user() curtime([digits]) database() date(value)
date_add(date, interval) date_format(date, format) date_sub(date, interval) datediff(date, date) day(date) dayname(date) dayofmonth(date)
dayofweek(date) dayofyear(date) default(column) degrees(x) elt(n, text, …) exp(x) export_set(bits, on, off, [separator], [count])
extract(unit from date) extractvalue(xml, xpath) field(text, text, …) find_in_set(text, list) floor(x) format(x, decimals, [locale])
found_rows() from_base64(text) from_days(n) from_unixtime(seconds, [format]) get_format(type, style) get_lock(name, timeout)
greatest(value, …) hex(value) hour(time) if(condition, then, else) ifnull(value, instead) inet6_aton(address) inet6_ntoa(number)
inet_aton(address) inet_ntoa(number) insert(text, position, length, new) instr(text, part) interval(n, n, …) is_free_lock(name)
is_ipv4(text) is_ipv4_compat(address) is_ipv4_mapped(address) is_ipv6(text) is_used_lock(name) isnull(value) json_array(value, …)
json_array_append(json, path, value, …) json_array_insert(json, path, value, …) json_contains(json, part, [path])
json_contains_path(json, 'one' or 'all', path, …) json_depth(json) json_extract(json, path, …) json_insert(json, path, value, …)
json_keys(json, [path]) json_length(json, [path]) json_merge_patch(json, json, …) json_merge_preserve(json, json, …)
json_object(key, value, …) json_overlaps(json, json) json_pretty(json) json_quote(text) json_remove(json, path, …)
json_replace(json, path, value, …) json_search(json, 'one' or 'all', text, [escape], [path]) json_set(json, path, value, …)
json_table(json, path columns) json_type(json) json_unquote(json) json_valid(text) json_value(json, path) last_day(date)
last_insert_id([n]) lcase(text) least(value, …) left(text, length) length(text) ln(x) load_file(path) localtime([digits])
localtimestamp([digits]) locate(part, text, [position]) log([base], x) log10(x) log2(x) lower(text) lpad(text, length, [pad]) ltrim(text)
make_set(bits, text, …) makedate(year, day) maketime(hour, minute, second) md5(data) microsecond(time) mid(text, position, [length])
minute(time) mod(n, m) month(date) monthname(date) name_const(name, value) now([digits]) nullif(value, value) oct(n) octet_length(text)
ord(text) period_add(period, months) period_diff(period, period) pi() position(part in text) pow(x, y) power(x, y) quarter(date)
quote(text) radians(x) rand([seed]) random_bytes(length) regexp_instr(text, pattern) regexp_replace(text, pattern, new)
regexp_substr(text, pattern) release_all_locks() release_lock(name) repeat(text, count) replace(text, from, to) reverse(text)
right(text, length) round(x, [decimals]) row_count() rpad(text, length, [pad]) rtrim(text) schema() sec_to_time(seconds) second(time)
session_user() sha(data) sha1(data) sha2(data, bits) sign(x) sin(x) sleep(seconds) soundex(text) space(count) sqrt(x) st_area(polygon)
st_asgeojson(geometry) st_astext(geometry) st_contains(geometry, geometry) st_distance(geometry, geometry)
st_distance_sphere(point, point) st_geomfromtext(text, [srid]) st_intersects(geometry, geometry) st_length(line) st_within(geometry, geometry)
st_x(point) st_y(point) str_to_date(text, format) strcmp(text, text) subdate(date, interval) substr(text, position, [length])
substring(text, position, [length]) substring_index(text, delimiter, count) subtime(time, time) sysdate([digits]) system_user() tan(x)
time(value) time_format(time, format) time_to_sec(time) timediff(time, time) timestamp(date, [time]) timestampadd(unit, n, date)
timestampdiff(unit, from, to) to_base64(data) to_days(date) to_seconds(date) trim([part from] text) truncate(x, decimals) ucase(text)
uncompress(data) uncompressed_length(data) unhex(text) unix_timestamp([date]) updatexml(xml, xpath, new) upper(text) user() utc_date()
utc_time([digits]) utc_timestamp([digits]) uuid() uuid_short() values(column) version() week(date, [mode]) weekday(date) weekofyear(date)
year(date) yearweek(date, [mode])`

const aggregates = `avg(x) bit_and(n) bit_or(n) bit_xor(n) count(value) group_concat(value [order by …] [separator …]) json_arrayagg(value)
json_objectagg(key, value) max(value) min(value) std(x) stddev(x) stddev_pop(x) stddev_samp(x) sum(x) var_pop(x) var_samp(x) variance(x)`

const windows = `cume_dist() dense_rank() first_value(value) lag(value, [offset], [default]) last_value(value) lead(value, [offset], [default])
nth_value(value, n) ntile(count) percent_rank() rank() row_number()`

const onlyMySql = `any_value(value) bin_to_uuid(binary, [swap]) format_bytes(count) gtid_subset(set, set) gtid_subtract(set, set) is_uuid(text)
json_schema_valid(schema, json) json_storage_size(json) regexp_like(text, pattern, [flags]) st_latitude(point) st_longitude(point)
uuid_to_bin(text, [swap])`

const onlyMariaDb = `add_months(date, months) chr(n) crc32c(data) json_compact(json) json_detailed(json) json_equals(json, json) json_exists(json, path)
json_loose(json) json_normalize(json) json_query(json, path) lastval(sequence) natural_sort_key(text) nextval(sequence) nvl(value, instead)
nvl2(value, then, else) setval(sequence, value) sformat(format, value, …) sys_guid() to_char(date, [format])`

const onlyMariaDbWindows = `median(x) percentile_cont(fraction) percentile_disc(fraction)`

/** The functions of one of the two servers. */
export const builtIn = (mariaDb: boolean): SchemaFunction[] => [
  ...read(functions, 'function'),
  ...read(aggregates, 'aggregate'),
  ...read(windows, 'window'),
  ...(mariaDb
    ? [...read(onlyMariaDb, 'function'), ...read(onlyMariaDbWindows, 'window')]
    : read(onlyMySql, 'function')),
]

function read(text: string, kind: SchemaFunction['kind']): SchemaFunction[] {
  return [...text.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name = '', args = '']) => ({
    name,
    args,
    returns: null,
    kind,
    description: null,
  }))
}
