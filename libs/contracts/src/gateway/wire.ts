// Apart from the shapes: a browser that only connects does not load what validates them.

/** Path of the websocket endpoint. */
export const REALTIME_PATH = '/realtime';

/** Epoch of a room in which nothing has happened yet; its offset is 0, and whatever comes first is offset 1. */
export const NO_EPOCH = 'none';
