export { attachRooms, type RoomsPlace } from './attach-rooms.js';
export { feedSignal, type FeedSignal, type Growth } from './feed.js';
export { gateway } from './gateway.service.js';
export { Realtime, type RealtimeOptions } from './realtime.js';
