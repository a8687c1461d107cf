// HTTP over raw keep-alive sockets, for loads that send on a schedule: a request waits in the pool when every connection is taken,
// and its time counts from when it was meant to be sent.
import { connect } from 'node:net';

/** Reads the whole answer out of what was received; undefined while it is not complete. */
function answerOf(text) {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/u.exec(head)?.[1];
  if (length === undefined ? !text.endsWith('0\r\n\r\n') : text.length < headEnd + 4 + Number(length)) return undefined;
  return { status: Number(text.slice(9, 12)), head, body: text.slice(headEnd + 4), closes: head.includes('\r\nconnection: close') };
}

/** Connections to one server, opened as they are needed. */
export class HttpPool {
  free = [];
  waiting = [];
  /** Place of the longest waiting: a shift of thousands of entries would take longer than to send them. */
  first = 0;
  open = 0;

  constructor({ port, host = '127.0.0.1', connectionsMax = 1_000 }) {
    this.place = { port, host };
    this.connectionsMax = connectionsMax;
  }

  /** Sends a request; `done` gets its answer, or {status: 0, error} when the connection fails. */
  send(request, done) {
    const connection = this.free.pop();
    if (connection) connection.send(request, done);
    else if (this.open < this.connectionsMax) this.connect().send(request, done);
    else this.waiting.push([request, done]);
  }

  /**
   * Opens all connections and asks `path` over each. A server takes in one connection each turn of its loop, and a turn is long
   * under load: those that came with the load would wait for seconds before anything of them is read.
   */
  async fill(path) {
    const request = `GET ${path} HTTP/1.1\r\nhost: ${this.place.host}:${this.place.port}\r\n\r\n`;
    const answered = () => new Promise((resolve) => this.connect().send(request, resolve));
    await Promise.all(Array.from({ length: this.connectionsMax - this.open }, answered));
  }

  /** Ends every connection. */
  close() {
    this.closed = true;
    for (const { socket } of this.free) socket.destroy();
  }

  next() {
    const entry = this.waiting[this.first];
    this.first += 1;
    if (this.first === this.waiting.length) [this.waiting, this.first] = [[], 0];
    return entry;
  }

  connect() {
    this.open += 1;
    const socket = connect(this.place);
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    let [received, pending] = ['', undefined];
    const connection = {
      socket,
      send: (text, callback) => {
        received = '';
        pending = callback;
        socket.write(text);
      },
    };
    let over = false;
    const end = (error) => {
      if (over) return;
      over = true;
      this.open -= 1;
      this.free = this.free.filter((other) => other !== connection);
      socket.destroy();
      const callback = pending;
      pending = undefined;
      callback?.({ status: 0, head: '', body: '', error });
    };
    socket.on('error', end);
    socket.on('close', () => end(new Error('closed')));
    socket.on('data', (chunk) => {
      received += chunk;
      const answer = answerOf(received);
      if (!answer) return;
      const callback = pending;
      pending = undefined;
      if (answer.closes || this.closed) end();
      else if (this.first < this.waiting.length) connection.send(...this.next());
      else this.free.push(connection);
      callback(answer);
    });
    return connection;
  }
}

/** A pledge as text, with a key and a correlation of its own. */
export const pledgeRequest = ({ port, token, organisation }, lineId, key, { correlation, path = '/api/v1/pledges' } = {}) => {
  const body = `{"lineId":"${lineId}","kind":"funding","amount":{"amount":100,"currency":"USD"},"instrument":"grant","earmarking":3,"schedule":{"type":"by_milestone"}}`;
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\nconcord-organisation: ${organisation}\r\nidempotency-key: ${key}\r\n${correlation ? `x-correlation-id: ${correlation}\r\n` : ''}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};

/**
 * Calls `send(index, intendedAt)` at a fixed rate for `ms`, whatever becomes of what was sent; a schedule that fell behind is
 * caught up at once. Resolves with how many were sent, when the time is up.
 */
export async function onSchedule(rate, ms, send) {
  const started = performance.now();
  const total = Math.floor((rate * ms) / 1000);
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - started) * rate) / 1000) + 1);
    while (sent < due) {
      send(sent, started + (sent * 1000) / rate);
      sent += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return total;
}
