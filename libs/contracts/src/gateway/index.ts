export * from './messages.js';
export * from './proof.js';
export * from './rooms.js';
