export { gateway } from './gateway.service.js';
export { Realtime, type RealtimeOptions } from './realtime.js';
