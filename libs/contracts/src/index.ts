export * from './directory/index.js';
export * from './stewardship/index.js';
export * from './gateway/index.js';
export * from './notifications/index.js';
export * from './partnerships/index.js';
export * from './pledges/index.js';
export * from './public-kinds.js';
