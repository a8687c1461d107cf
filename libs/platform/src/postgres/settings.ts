/**
 * What Concord asks of its own server. Sized so that PostgreSQL, Node and the web front end idle together within 450 MB.
 * Durability (`fsync`, `synchronous_commit`, `full_page_writes`) is deliberately absent: PostgreSQL's defaults are on and stay on.
 * Given on the command line, not in postgresql.conf, so that a data folder made by an older release gets today's values.
 */
const DEFAULTS: Readonly<Record<string, string>> = {
  // Memory. Buffers are touched only when used: an idle server holds about 20 MB.
  shared_buffers: '96MB',
  effective_cache_size: '512MB',
  work_mem: '4MB',
  maintenance_work_mem: '64MB',
  // Seven contexts with up to eight each, and two dozen for a verification beside them.
  max_connections: '100',
  // Helpers that one application on one machine does not need, each a process or a pause.
  max_worker_processes: '4',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '2',
  max_logical_replication_workers: '0',
  jit: 'off',
  // Write-ahead log: seldom checkpoints, bounded disk. Not compressed: this build has pglz only, 0.1 to 0.2 ms of CPU a page.
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  // The application reports its own faults; a failing statement's text may hold personal data and never reaches the log.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/** The same for settings that older servers do not know and would refuse to start with. */
const DEFAULTS_SINCE_18: Readonly<Record<string, string>> = { autovacuum_worker_slots: '2', io_method: 'sync' };

/** What the supervisor relies on: loopback only, no socket file, log lines on its pipe. */
const OURS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  logging_collector: 'off',
  log_destination: 'stderr',
};

const RESERVED = new Set([
  ...Object.keys(OURS),
  'port',
  'data_directory',
  'hba_file',
  'ident_file',
  'external_pid_file',
  'concord.owner',
]);

/**
 * Settings for a server of that major version: the defaults, overridden by the caller's, completed by those the supervisor relies on.
 * @throws when the caller sets a reserved one; the message lists all of them.
 */
export function serverSettings(overrides: Readonly<Record<string, string>>, major: number): Record<string, string> {
  const forbidden = Object.keys(overrides).filter((name) => RESERVED.has(name.toLowerCase()));
  if (forbidden.length > 0) {
    throw new Error(`These PostgreSQL settings belong to Concord's supervisor and cannot be changed: ${forbidden.join(', ')}.`);
  }
  return { ...DEFAULTS, ...(major >= 18 ? DEFAULTS_SINCE_18 : {}), ...overrides, ...OURS };
}

/** The settings as command-line arguments. */
export const asArguments = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
