export { createClient, Client, type Answer, type ClientOptions, type Given, type Sending } from './client.js';
export { ApiProblem, NoAnswer, type Fault } from './problem.js';
export { connectRooms, JoinDenied, Rooms, type JoinOptions, type Membership, type RoomsOptions } from './rooms.js';
export type { Place, RoomHandlers } from './room-state.js';
export { exportStream, verifyStream, type ExportedStream, type StreamFault, type StreamVerdict } from './verify-stream.js';
