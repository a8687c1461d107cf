export * from './events.js';
export * from './inputs.js';
export * from './resources.js';
export * from './words.js';
