import { readFileSync } from 'node:fs';

/** Version of the product: all packages of the repository carry the same. */
export const { version: VERSION } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
