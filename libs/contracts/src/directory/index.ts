export * from './events.js';
export * from './profile.js';
export * from './resources.js';
