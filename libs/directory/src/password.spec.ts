import { Refused } from '@concord/kernel';
import { hashPassword, passwordMatches, requireStrongPassword } from './password.js';

const own = ['Amina Phiri', 'amina.phiri@example.org', 'amina.phiri'];
const refusal = (password: string): string | undefined => {
  try {
    requireStrongPassword(password, own);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
};

describe('requireStrongPassword', () => {
  it.each([
    'short',
    'ninechars',
    'password123',
    'P@ssw0rd2026!',
    '1234567890',
    '0987654321',
    'qwertyuiop',
    'poiuytrewq12',
    'aaaaaaaaaaaaaaaa',
    'abababababab',
    'letmeinletmein',
    'Welcome2026!!',
    'administrator',
    'iloveyou2024',
    'correct-horse-battery-staple',
    'amina.phiri',
    'aminaphiri1',
    'amina.phiri@example.org',
    'Amina Phiri 99',
  ])('refuses %s', (password) => {
    expect(refusal(password)).toBe('weak_password');
  });

  it.each(['harbour lantern meadow', 'ten-chars-x', 'ሰላም-ወንድም-ቡና-ሻይ', 'Kx7#pQ2v!m', 'the admin drinks seven teas'])(
    'takes %s',
    (password) => {
      expect(refusal(password)).toBeUndefined();
    },
  );
});

describe('hashPassword', () => {
  it('makes an argon2id hash that only the password matches', async () => {
    const hash = await hashPassword('harbour lantern meadow');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
    expect(await passwordMatches(hash, 'harbour lantern meadow')).toBe(true);
    expect(await passwordMatches(hash, 'harbour lantern meadoW')).toBe(false);
    expect(hash).not.toBe(await hashPassword('harbour lantern meadow'));
  });

  it('knows the same characters in another Unicode form', async () => {
    const hash = await hashPassword('caf\u00e9 au lait matin');
    expect(await passwordMatches(hash, 'cafe\u0301 au lait matin')).toBe(true);
  });

  it('matches nobody who is unknown, not even by the password of the stand-in', async () => {
    expect(await passwordMatches(undefined, 'nobody has this password')).toBe(false);
  });

  it('takes a limited number of hashes at a time and says when to come back', async () => {
    const all = await Promise.allSettled(Array.from({ length: 80 }, () => hashPassword('harbour lantern meadow')));
    const refused = all.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(16);
    expect(refused.every(({ reason }) => reason instanceof Refused && reason.code === 'throttled')).toBe(true);
  });
});
