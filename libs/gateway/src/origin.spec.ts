import type { IncomingMessage } from 'node:http';
import { originAllowed } from './origin.js';

const from = (origin: string | undefined, host = 'concord.example:3000') => ({ headers: { origin, host } }) as IncomingMessage;
const allowed = ['https://friend.example'];

describe('origins', () => {
  it.each([undefined, 'https://friend.example', 'http://concord.example:3000', 'https://concord.example:3000'])(
    'lets %s in',
    (origin) => {
      expect(originAllowed(from(origin), allowed)).toBe(true);
    },
  );

  it.each([
    'https://evil.example',
    'https://friend.example.evil.example',
    'https://friend.example:8443',
    'http://friend.example',
    'http://concord.example',
    'http://concord.example:3000.evil.example',
    'file://concord.example:3000',
    'null',
    '',
  ])('keeps %j out', (origin) => {
    expect(originAllowed(from(origin), allowed)).toBe(false);
  });
});
