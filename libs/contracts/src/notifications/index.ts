export * from './events.js';
export * from './resources.js';
