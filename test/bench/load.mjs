// The load, in a process of its own: closed loop over raw keep-alive sockets, so that the generator takes little of the machine.
// Standard input: JSON {host, port, token, organisation, lines, connections, ms}. Prints JSON {requests, ok, other, p50, p99}.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const {
  host,
  port,
  token,
  organisation,
  lines,
  connections,
  ms,
  path = '/api/v1/pledges',
  plain,
} = JSON.parse(readFileSync(0, 'utf8'));
const latencies = [];
const statuses = new Map();

/** One request with its own key and line. */
function request() {
  const lineId = lines[Math.floor(Math.random() * lines.length)];
  const body = plain
    ? JSON.stringify({ lineId, amount: 100, organisationId: organisation })
    : `{"lineId":"${lineId}","kind":"funding","amount":{"amount":100,"currency":"USD"},"instrument":"grant","earmarking":3,"schedule":{"type":"by_milestone"}}`;
  return `POST ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\nauthorization: Bearer ${token}\r\nidempotency-key: ${randomUUID()}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** One connection: sends, waits for the whole answer, sends again, until the time is up. */
function run(end) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    socket.setNoDelay(true);
    let sentAt = 0;
    let received = '';
    const send = () => {
      if (performance.now() >= end) {
        socket.destroy();
        resolve();
        return;
      }
      sentAt = performance.now();
      socket.write(request());
    };
    socket.setEncoding('latin1');
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk;
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = /content-length: (\d+)/iu.exec(received)?.[1];
      if (length === undefined) reject(new Error(`no content-length in ${received.slice(0, 400)}`));
      if (received.length < headEnd + 4 + Number(length)) return;
      const status = received.slice(9, 12);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status !== '201' && (statuses.get(status) ?? 0) === 1) process.stderr.write(`${received.slice(0, 2000)}\n`);
      received = '';
      latencies.push(performance.now() - sentAt);
      send();
    });
  });
}

const started = performance.now();
await Promise.all(Array.from({ length: connections }, () => run(started + ms)));
const seconds = (performance.now() - started) / 1000;
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
const ok = statuses.get('201') ?? 0;
process.stdout.write(
  JSON.stringify({
    requests: latencies.length,
    ok,
    other: latencies.length - ok,
    perSecond: ok / seconds,
    p50: at(0.5),
    p99: at(0.99),
  }),
);
