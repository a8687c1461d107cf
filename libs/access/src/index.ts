export * from './policies.js';
export * from './standing.js';
