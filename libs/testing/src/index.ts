export * from './concord.js';
export * from './database.js';
export * from './given.js';
export { startSecondServer } from './second-server.js';
