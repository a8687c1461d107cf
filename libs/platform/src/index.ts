export * from './service/decision.js';
export * from './service/definitions.js';
export * from './service/listening.js';
export type { InlineView, Presented, Resource } from './service/resource.js';
export type { PublicEvent } from './service/public-event.js';
export { kindOf } from './bus/public-event.js';
export { defineList, searchText, type Bind, type Filter, type ListDefinition, type Sort } from './service/list.js';
export { defineTable, type Database, type Row, type Table, type Value } from './database/table.js';
export { ContextDatabase, type ContextAccess } from './database/context-database.js';
export { derivedPassword, provision, type PasswordOf } from './database/provision.js';
export { AdjustableClock, Clock, SystemClock, uuidv7 } from './clock.js';
export {
  API_TOKEN_PREFIX,
  Authenticator,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  Unauthenticated,
  type Authenticated,
} from './identity/authenticator.js';
export type { StandingChange, StandingChanges } from './identity/standing.js';
export { BadConfiguration, readConfiguration, settingsOf, type Setting } from './config.js';
export { Platform, type BusWiring, type PlatformOptions } from './platform.js';
export { VERSION } from './version.js';
export { Context, openDatabase } from './context/context.js';
export { Executor } from './log/executor.js';
export { coreTables } from './log/core-tables.js';
export { Fenced, Tail, type SaveCursor, type TailedEvent, type TailOptions } from './log/tail.js';
export { Bus, type Subscription } from './bus/bus.js';
export { InProcessBus, type Source } from './bus/in-process.js';
export { correlationOf, JSON_BYTES_MAX, type EdgeMetrics } from './edge/edge.js';
export { Allowance, type RateLimit } from './edge/allowance.js';
export { EdgeProblem, problem } from './edge/problem.js';
export { clockRoutes, type BusinessTime } from './edge/clock-routes.js';
export { routesOf, type Route } from './edge/routes.js';
export { openApi } from './edge/openapi.js';
export { asyncApi } from './edge/asyncapi.js';
export { FILE_BYTES_MAX, type HttpServer } from './edge/server.js';
export { startPostgres, type EmbeddedPostgres } from './postgres/start-postgres.js';
export { verifyContext, type VerificationOptions } from './verify/verify-context.js';
export type { Check, Difference, Report } from './verify/report.js';
export { contextHash, stateHash } from './verify/state-hash.js';
export { storyOf, type Story } from './verify/story.js';
export { rebuildProjection, type Rebuilt, type RebuildOptions } from './verify/rebuild-projection.js';
export { rebuildView } from './verify/rebuild-view.js';
export { isSigned, statementHash, statementText, type Checkpoint } from './verify/checkpoint.js';
export { isIncluded } from './verify/merkle.js';
export { createLogger, reporter, type Logger, type FaultReport, type LogLevel } from './telemetry/logger.js';
export { redacted, REDACTED } from './telemetry/redaction.js';
export { startTracing, tracingSettings, type Tracing, type TracingOptions } from './telemetry/start-tracing.js';
export { isTracing, publishSpans, requestSpan, roomSpan, type OpenSpan } from './telemetry/tracing.js';
export { backUp, type BackUpOptions } from './backup/back-up.js';
export { restore, type RestoreOptions } from './backup/restore.js';
export { BadBackup, readManifest, type Manifest } from './backup/manifest.js';
