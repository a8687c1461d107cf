export * from './concord.js';
export * from './database.js';
export * from './given.js';
export { startSecondServer } from './second-server.js';
export { signal, type Signal } from './signal.js';
export { logAtRest } from './log-at-rest.js';
export { busSuite } from './bus-suite.js';
export type { BusSurroundings, MakeBus } from './bus-trial.js';
export * from './shelf-library.js';
