import type { FastifyReply, FastifyRequest } from 'fastify';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  /** Text is worth zipping; that is done when a browser first asks for it. */
  readonly text: boolean;
  zipped?: Buffer;
  /** Its name holds a hash of its content: it never changes. */
  readonly lasting: boolean;
}

/** The files of the front end, held in memory: there are few, and they are small. */
export class Assets {
  private constructor(private readonly files: ReadonlyMap<string, Asset>) {}

  /** Reads every file below a folder. */
  static read(folder: string): Assets {
    const files = new Map<string, Asset>();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const bytes = readFileSync(path);
      const type = TYPES[extname(path)] ?? 'application/octet-stream';
      files.set(`/${relative(folder, path).replaceAll('\\', '/')}`, {
        type,
        bytes,
        text: /^(text|application\/json|image\/svg)/u.test(type),
        lasting: /-[\w-]{8}\.\w+$/u.test(path),
      });
    }
    return new Assets(files);
  }

  /** Path of the built file `assets/<name>-<hash>.js`; undefined when there is none. */
  script(name: string): string | undefined {
    const start = `/assets/${name}-`;
    return [...this.files.keys()].find((path) => path.startsWith(start) && /^[\w-]{8}\.js$/u.test(path.slice(start.length)));
  }

  /** Answers a request for a file, or hands it to the one that says what is not there. */
  send(request: FastifyRequest, reply: FastifyReply): FastifyReply | void {
    const file = this.files.get(new URL(request.url, 'http://path').pathname);
    if (!file) return reply.callNotFound();
    const zips = file.text && /\bgzip\b/u.test(request.headers['accept-encoding'] ?? '');
    if (zips) file.zipped ??= gzipSync(file.bytes, { level: 9 });
    return reply
      .headers({
        'content-type': file.type,
        'cache-control': file.lasting ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
        'cross-origin-resource-policy': 'same-origin',
        vary: 'Accept-Encoding',
        ...(zips ? { 'content-encoding': 'gzip' } : {}),
      })
      .send(zips ? file.zipped : file.bytes);
  }
}
