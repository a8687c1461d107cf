import { CAST, emailOf, MEMBERS, ORGANISATIONS } from './cast.js';
import { BOOKS, cents, CRITERIA, INSTALMENTS, LINES, RECEIVED, SCORES } from './figures.js';
import { sha256Of } from './sha256.js';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('the figures of the story', () => {
  it('agree with each other: instalments with receipts, receipts with the books, shares with the line', () => {
    const { P1, P2, P3, P4 } = INSTALMENTS;
    expect(sum(P1) + sum(P3) + sum(P4)).toBe(BOOKS.USD.received);
    expect(sum(P2)).toBe(BOOKS.EUR.received);
    expect(sum(P1) + sum(P3) + sum(P4) + sum(P2) * 1.2).toBe(LINES.L1.target);
    RECEIVED.forEach(({ usd, eur, counted }, index) => {
      const until = <T extends readonly number[]>(parts: T) => sum(parts.slice(0, index + 1));
      expect(usd).toBe(until(P1) + until(P3) + until(P4));
      expect(eur).toBe(until(P2));
      expect(counted).toBe(usd + eur * 1.2);
    });
    for (const { received, spent, refunded, balance } of Object.values(BOOKS)) expect(received).toBe(spent + refunded + balance);
    expect(LINES.L1.minimum).toBe(cents(450_000));
  });

  it('have weights of 100, and scores that follow from the marks', () => {
    const weights = CRITERIA.map(({ weight }) => weight);
    expect(sum(weights)).toBe(100);
    for (const { marks, results, mean } of Object.values(SCORES)) {
      expect(marks.map((sheet) => sum(sheet.map((mark, index) => mark * weights[index]!)) * 10)).toEqual(results);
      expect(Math.round(sum(results) / results.length)).toBe(mean);
    }
  });
});

describe('the cast', () => {
  it('has sixteen organisations, and an address of its own for everyone in every playing', () => {
    expect(ORGANISATIONS).toHaveLength(16);
    const addresses = ['', 'again'].flatMap((prefix) => MEMBERS.map(({ key }) => emailOf(key, prefix)));
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(emailOf('cedarRidge2')).toBe('cedar-ridge2@concord.example');
    expect(MEMBERS.filter(({ organisation }) => organisation === 'ministry').map(({ name }) => name)).toEqual([
      ...CAST.ministry.people,
    ]);
  });
});

it('hashes as everybody else does', async () => {
  expect(await sha256Of('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
