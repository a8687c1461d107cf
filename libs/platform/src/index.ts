export * from './service/definitions.js';
export type { InlineView, Presented, Resource } from './service/resource.js';
export type { PublicEvent } from './service/public-event.js';
export { kindOf } from './bus/public-event.js';
export { defineList, searchText, type Bind, type Filter, type ListDefinition, type Sort } from './service/list.js';
export { defineTable, type Database, type Row, type Table, type Value } from './database/table.js';
export { ContextDatabase, type ContextAccess } from './database/context-database.js';
export { provision } from './database/provision.js';
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
export { Platform, type PlatformOptions } from './platform.js';
export { Context } from './context/context.js';
export { Executor } from './log/executor.js';
export { coreTables } from './log/core-tables.js';
export { Fenced, Tail, type SaveCursor, type TailedEvent, type TailOptions } from './log/tail.js';
export { Bus, type Subscription } from './bus/bus.js';
export { InProcessBus, type Source } from './bus/in-process.js';
export { problem } from './edge/problem.js';
export { routesOf, type Route } from './edge/routes.js';
export { openApi } from './edge/openapi.js';
export { asyncApi } from './edge/asyncapi.js';
export type { HttpServer } from './edge/server.js';
export { startPostgres, type EmbeddedPostgres } from './postgres/start-postgres.js';
export { verifyContext, type VerificationOptions } from './verify/verify-context.js';
export type { Check, Difference, Report } from './verify/report.js';
export { contextHash, stateHash } from './verify/state-hash.js';
export { storyHash } from './verify/story-hash.js';
export { rebuildProjection, type Rebuilt, type RebuildOptions } from './verify/rebuild-projection.js';
export { rebuildView } from './verify/rebuild-view.js';
export { isSigned, statementHash, statementText, type Checkpoint } from './verify/checkpoint.js';
export { isIncluded } from './verify/merkle.js';
