// What a process needs before anything else, without the rest of the platform: what loads slowly loads while a database starts.
export { BadConfiguration, readConfiguration } from './config.js';
export { startPostgres, type EmbeddedPostgres } from './postgres/start-postgres.js';
export { createLogger, type Logger } from './telemetry/logger.js';
export { startTracing, tracingSettings } from './telemetry/start-tracing.js';
export { VERSION } from './version.js';
