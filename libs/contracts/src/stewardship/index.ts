export * from './events.js';
export * from './resources.js';
export * from './shapes.js';
