// The floor of P16: the websocket library under socket.io, alone. It accepts and says nothing.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { WebSocketServer } = createRequire(import.meta.resolve('engine.io'))('ws');
const server = createServer();
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => socket.on('error', () => undefined));
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send({ port: server.address().port }));
