// The least that can come back after a crash: node:http and one insert. Arguments: database address, port. Waits for the database.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';

const [url, port] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 16 });
pool.on('error', () => undefined);
for (let tries = 0; ; tries += 1) {
  try {
    await pool.query('CREATE TABLE IF NOT EXISTS events (id uuid PRIMARY KEY, data json NOT NULL)');
    break;
  } catch (error) {
    if (tries > 2_000) throw error;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const answer = (status, text) =>
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
    pool.query({ name: 'event', text: 'INSERT INTO events (id, data) VALUES ($1, $2)', values: [randomUUID(), body] }).then(
      () => answer(201, '{}'),
      (error) => answer(500, JSON.stringify({ error: error.message })),
    );
  });
});
server.listen(Number(port), '127.0.0.1', () => process.send?.({ port: server.address().port }));
